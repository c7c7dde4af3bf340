import type { Manifest } from '../../lib/model/manifest.ts';
import type { RenderedChart } from '../index.ts';
import type { PartName } from '../parts.ts';

/** All stages that a part can have, in order. */
export type StageOrder = Readonly<Record<PartName, readonly string[]>>;

/**
 * From here on a tenant has Pods of its own nodes. Argo CD waits for every wave but the last, and a cluster without a
 * node would wait for ever: all that needs nodes is in the last one, and orders itself, as Kubernetes does.
 */
const FIRST_WITH_NODES = 'kube-proxy';

const WAVE = 'argocd.argoproj.io/sync-wave';

/**
 * Argo CD's order of one Application: by stage. It holds on every update, which waves of Applications would not: what
 * changes inside them is synced by each of them alone.
 */
export function withWaves(charts: readonly RenderedChart[], order: StageOrder): RenderedChart[] {
  return charts.map((chart) => {
    const wave = waveOf(chart.spec, order);
    return wave === null ? chart : { ...chart, manifests: chart.manifests.map((manifest) => annotated(manifest, { [WAVE]: String(wave) })) };
  });
}

/** Counted over all stages that there can be: one more or less in a cluster moves no object of another. */
function waveOf({ part, stage }: RenderedChart['spec'], order: StageOrder): number | null {
  const stages = order[part];
  if (stages.length < 2) return null;
  const own = stages.indexOf(stage);
  return part === 'tenant' ? Math.min(own, stages.indexOf(FIRST_WITH_NODES)) : own;
}

/** The manifest with more annotations than it has. */
export function annotated(manifest: Manifest, annotations: Readonly<Record<string, string>>): Manifest {
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } };
}
