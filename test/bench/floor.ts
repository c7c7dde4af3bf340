import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { clusterDelivery, metaDelivery } from '../../charts/delivery/index.ts';
import { renderCluster } from '../../charts/index.ts';
import { metaParts } from '../../charts/meta/index.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { PkiLock } from '../../lib/pki/plan.ts';
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
  return 'cluster' in input ? clusterManifests(input.cluster, input.lock) : metaManifests(input.meta);
}

function clusterManifests(cluster: ResolvedCluster, lock: PkiLock): Manifest[] {
  const charts = renderCluster(cluster, lock);
  return [...charts, ...clusterDelivery(cluster, lock, charts)].flatMap(({ manifests }) => [...manifests]);
}

function metaManifests(meta: ResolvedMetaCluster): Manifest[] {
  const app = new App();
  const parts = metaParts(meta).map(({ folder, charts }) =>
    ({ part: folder.slice(meta.name.length + 1), folder, manifests: charts.flatMap(({ build }) => build(app).toJson() as Manifest[]) }));
  return [...parts, ...metaDelivery(meta, parts)].flatMap(({ manifests }) => [...manifests]);
}
