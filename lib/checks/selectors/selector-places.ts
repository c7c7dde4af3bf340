import { dig, isObject, objectsOf, type Json } from '../objects/json.ts';
import { podPath, type PodTemplate } from '../pods/pod-templates.ts';
import type { CheckedManifest } from '../scope.ts';

/** A selector of Pods in the namespace of who writes it. */
export interface SelectorPlace {
  readonly from: CheckedManifest;
  readonly path: string;
  readonly selector: Json;
  /** True for the plain map of a Service. */
  readonly plain: boolean;
}

/** Every selector of Pods. Those for other namespaces are not among them: their Pods are not ours to know. */
export function selectorPlacesOf(manifests: readonly CheckedManifest[], templates: readonly PodTemplate[]): SelectorPlace[] {
  return [...manifests.flatMap((from) => PLACES[from.manifest.kind]?.(from) ?? []), ...templates.flatMap(schedulingSelectors)];
}

type Places = (from: CheckedManifest) => SelectorPlace[];

const own: Places = (from) => place(from, 'spec.selector', dig(from.manifest, 'spec', 'selector'));

const PLACES: Readonly<Record<string, Places>> = {
  DaemonSet: own,
  Deployment: own,
  NetworkPolicy: (from) => [
    ...place(from, 'spec.podSelector', dig(from.manifest, 'spec', 'podSelector')),
    ...peers(from, 'ingress', 'from'),
    ...peers(from, 'egress', 'to'),
  ],
  PodDisruptionBudget: own,
  ReplicaSet: own,
  Service: (from) => place(from, 'spec.selector', dig(from.manifest, 'spec', 'selector'), true),
  StatefulSet: own,
};

function place(from: CheckedManifest, path: string, selector: Json, plain = false): SelectorPlace[] {
  return isObject(selector) ? [{ from, path, selector, plain }] : [];
}

function peers(from: CheckedManifest, direction: 'ingress' | 'egress', field: 'from' | 'to'): SelectorPlace[] {
  return objectsOf(dig(from.manifest, 'spec', direction)).flatMap((rule, ruleIndex) =>
    objectsOf(rule[field]).flatMap(({ podSelector, namespaceSelector }, index) =>
      namespaceSelector === undefined ? place(from, `spec.${direction}[${ruleIndex}].${field}[${index}].podSelector`, podSelector) : []),
  );
}

function schedulingSelectors(template: PodTemplate): SelectorPlace[] {
  const { from, spec } = template;
  const spread = objectsOf(spec['topologySpreadConstraints']).flatMap(({ labelSelector }, index) =>
    place(from, `${podPath(template, 'topologySpreadConstraints')}[${index}].labelSelector`, labelSelector));
  return [...spread, ...(['podAntiAffinity', 'podAffinity'] as const).flatMap((field) => affinitySelectors(template, field))];
}

function affinitySelectors(template: PodTemplate, field: string): SelectorPlace[] {
  const affinity = dig(template.spec, 'affinity', field);
  const path = `${podPath(template, 'affinity')}.${field}`;
  const required = objectsOf(dig(affinity, REQUIRED)).map((term, index) => ({ term, at: `${path}.${REQUIRED}[${index}].labelSelector` }));
  const preferred = objectsOf(dig(affinity, PREFERRED)).map((weighted, index) =>
    ({ term: dig(weighted, 'podAffinityTerm'), at: `${path}.${PREFERRED}[${index}].podAffinityTerm.labelSelector` }));
  return [...required, ...preferred]
    .filter(({ term }) => dig(term, 'namespaceSelector') === undefined && dig(term, 'namespaces') === undefined)
    .flatMap(({ term, at }) => place(template.from, at, dig(term, 'labelSelector')));
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';
