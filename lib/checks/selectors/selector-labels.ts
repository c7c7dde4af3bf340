import { found, type Finding } from '../finding.ts';
import { dig, objectsOf, textOf } from '../objects/json.ts';
import { keysOfSelector } from './label-selector.ts';
import type { CheckedManifest, Scope } from '../scope.ts';
import type { SelectorPlace } from './selector-places.ts';

/** Labels that never change while an object lives. */
export const FIXED_LABELS: ReadonlySet<string> = new Set([
  // By these two kubeadm, and flannel's authors, select what they make.
  'app',
  'k8s-app',
  'app.kubernetes.io/name',
  'kubewright.dev/cluster',
  'kubewright.dev/component',
  'kubewright.dev/etcd',
  'statefulset.kubernetes.io/pod-name',
]);

/** Labels by which only Services select, so that Pods can be taken out of them. */
const SERVES = 'serves.kubewright.dev/';

/** Selectors cannot be changed, and a version or commit in one rolls everything at every change (trap T2). */
export function checkSelectorLabels(scope: Scope): Finding[] {
  return [...scope.selectors.flatMap(selectorFindings), ...scope.manifests.flatMap(claimTemplateFindings)];
}

function selectorFindings({ from, path, selector, plain }: SelectorPlace): Finding[] {
  return keysOfSelector(selector, plain)
    .filter((key) => !FIXED_LABELS.has(key) && !(plain && key.startsWith(SERVES)))
    .map((key) => found('pod/selector-label', from, path, `selects by \`${key}\`, which is none of the labels that never change`));
}

function claimTemplateFindings(item: CheckedManifest): Finding[] {
  if (item.manifest.kind !== 'StatefulSet') return [];
  return objectsOf(dig(item.manifest, 'spec', 'volumeClaimTemplates')).flatMap((template, index) =>
    keysOfSelector(dig(template, 'metadata', 'labels'), true)
      .filter((key) => !FIXED_LABELS.has(key))
      .map((key) => found('pod/selector-label', item, `spec.volumeClaimTemplates[${index}].metadata.labels`,
        `of claim \`${textOf(dig(template, 'metadata', 'name')) ?? ''}\` has \`${key}\`, which is none of the labels that never change`)));
}
