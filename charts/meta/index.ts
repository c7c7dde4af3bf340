import type { App, Chart } from 'cdk8s';
import { PlacedChart } from '../../lib/constructs/place.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import { deletionPolicy } from './deletion-policy.ts';
import { PriorityClassesChart, StorageClassesChart } from './platform.ts';
import { SealedSecretsChart, SealedSecretsCrdChart } from './sealed-secrets.ts';

export { bootstrapFiles, type BootstrapFile } from './bootstrap.ts';

/** A chart of a part: where it is written, when its objects come, and how it is made. */
export interface MetaChart {
  /** Path in the definition that it follows from. */
  readonly source: string;
  /** Step inside the part; stages follow one another as they first stand here. */
  readonly stage: string;
  build(app: App): Chart;
}

/** What GitOps syncs as one unit into the meta cluster itself. */
export interface MetaPart {
  /** Folder below `dist/`. */
  readonly folder: string;
  readonly namespace: null;
  readonly charts: readonly MetaChart[];
}

/** The parts of a meta cluster, in the order in which they are synced. A part without charts is not there. */
export function metaParts(meta: ResolvedMetaCluster): MetaPart[] {
  const parts: MetaPart[] = [
    { folder: `${meta.name}/crds`, namespace: null, charts: crdCharts(meta) },
    { folder: `${meta.name}/platform`, namespace: null, charts: platformCharts(meta) },
  ];
  return parts.filter(({ charts }) => charts.length > 0);
}

function crdCharts({ platform }: ResolvedMetaCluster): MetaChart[] {
  if (platform.sealedSecrets === null) return [];
  return [{ source: 'platform.sealedSecrets', stage: 'crds', build: (app) => new SealedSecretsCrdChart(app) }];
}

function platformCharts(meta: ResolvedMetaCluster): MetaChart[] {
  const { storageClasses, sealedSecrets } = meta.platform;
  const classes: MetaChart[] = [
    { source: 'platform', stage: 'guards', build: (app) => new PlacedChart(app, 'deletion-policy', deletionPolicy()) },
    { source: 'platform', stage: 'classes', build: (app) => new PriorityClassesChart(app) },
  ];
  if (storageClasses.length > 0) {
    classes.push({ source: 'platform.storageClasses', stage: 'classes', build: (app) => new StorageClassesChart(app, meta) });
  }
  if (sealedSecrets === null) return classes;
  return [...classes, { source: 'platform.sealedSecrets', stage: 'sealed-secrets', build: (app) => new SealedSecretsChart(app, meta, sealedSecrets) }];
}
