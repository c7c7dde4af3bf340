import type { Manifest } from '../../lib/model/manifest.ts';
import type { RenderedChart } from '../index.ts';
import { isPruned, type PartName } from '../parts.ts';

/** All stages that a part can have, in order. */
export type StageOrder = Readonly<Record<PartName, readonly string[]>>;

/**
 * From here on a tenant has Pods of its own nodes. Argo CD waits for every wave but the last, and a cluster without a
 * node would wait for ever: all that needs nodes is in the last one, and orders itself, as Kubernetes does.
 */
const FIRST_WITH_NODES = 'kube-proxy';

const WAVE = 'argocd.argoproj.io/sync-wave';

/** What is never pruned stays where it is when it leaves git. Its Application would be OutOfSync for ever, had Argo CD not been told so. */
const STAYS = { 'argocd.argoproj.io/compare-options': 'IgnoreExtraneous' } as const;

/**
 * What Argo CD reads on objects themselves. Its order of one Application is by stage: that holds on every update, which
 * waves of Applications would not, since what changes inside them is synced by each of them alone.
 */
export function forArgocd(charts: readonly RenderedChart[], order: StageOrder): RenderedChart[] {
  return charts.map((chart) => {
    const wave = waveOf(chart.spec, order);
    const annotations = { ...(isPruned(chart.spec.part) ? {} : STAYS), ...(wave === null ? {} : { [WAVE]: String(wave) }) };
    return { ...chart, manifests: chart.manifests.map((manifest) => annotated(manifest, annotations)) };
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
