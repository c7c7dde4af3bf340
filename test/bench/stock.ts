import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { CLUSTER_CHARTS } from '../../charts/index.ts';
import { metaParts } from '../../charts/meta/index.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import type { ChartInput } from './inputs.ts';

/** cdk8s as its documentation uses it: one App, a Chart a cluster, App.synth(). The objects come from the same functions as ours. */
const [, , inputs = '', out = '', layout = ''] = process.argv;
const LAYOUTS: Readonly<Record<string, YamlOutputType>> = {
  'file-per-chart': YamlOutputType.FILE_PER_CHART,
  'file-per-resource': YamlOutputType.FILE_PER_RESOURCE,
  'folder-per-chart': YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
};
const app = new App({ outdir: out, yamlOutputType: LAYOUTS[layout] ?? YamlOutputType.FILE_PER_CHART });
for (const file of readdirSync(inputs).sort()) {
  const input = JSON.parse(readFileSync(join(inputs, file), 'utf8')) as ChartInput;
  if ('meta' in input) {
    const scope = scopeOf(file);
    for (const { charts } of metaParts(input.meta)) for (const { build } of charts) build(scope);
    continue;
  }
  const chart = new Chart(app, file.replace('.json', ''), { disableResourceNameHashes: true });
  for (const spec of CLUSTER_CHARTS) for (const object of spec.objects(input.cluster, input.lock, [])) place(chart, spec.id, object);
}
app.synth();

/** Charts of several meta clusters have the same names. */
function scopeOf(file: string): App {
  return new Chart(app, `of-${file.replace('.json', '')}`) as unknown as App;
}

function place(chart: Chart, of: string, object: KubernetesObject): void {
  const { apiVersion = '', kind = '', metadata } = object;
  new ApiObject(chart, `${of}.${kind}.${metadata?.namespace ?? ''}.${metadata?.name ?? ''}`.replaceAll('/', '%2f'), { ...object, apiVersion, kind });
}
