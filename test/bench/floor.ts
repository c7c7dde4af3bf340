import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { renderCluster } from '../../charts/index.ts';
import { metaParts } from '../../charts/meta/index.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ChartInput } from './inputs.ts';

/**
 * The least that anything can do which makes these manifests with these charts: construct each chart once, JSON.stringify,
 * one write a file. No definition is loaded, judged or resolved, nothing is checked, laid out, compared or kept.
 */
const [, , inputs = '', out = ''] = process.argv;
for (const file of readdirSync(inputs).sort()) {
  const input = JSON.parse(readFileSync(join(inputs, file), 'utf8')) as ChartInput;
  const folder = join(out, file.replace('.json', ''));
  mkdirSync(folder, { recursive: true });
  for (const [number, manifest] of manifestsOf(input).entries()) writeFileSync(join(folder, `${number}.json`), JSON.stringify(manifest));
}

function manifestsOf(input: ChartInput): Manifest[] {
  if ('cluster' in input) return renderCluster(input.cluster, input.lock).flatMap(({ manifests }) => manifests);
  const app = new App();
  return metaParts(input.meta).flatMap(({ charts }) => charts.flatMap(({ build }) => build(app).toJson() as Manifest[]));
}
