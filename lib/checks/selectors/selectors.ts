import { found, type Finding } from '../finding.ts';
import { dig, isObject, objectsOf, wordOf, type Json } from '../objects/json.ts';
import { describeSelector, keysOfSelector, matchesAll, selects } from './label-selector.ts';
import { labelsFor, POD_NAME, type PodTemplate } from '../pods/pod-templates.ts';
import { portsOf } from '../references/ports.ts';
import { isBeside, nameOf, type CheckedManifest, type Scope } from '../scope.ts';
import type { SelectorPlace } from './selector-places.ts';

/** Every selector selects at least one Pod template of the same owner. */
export function checkSelections(scope: Scope): Finding[] {
  return scope.selectors.flatMap((place) => {
    if (keysOfSelector(place.selector, place.plain).length === 0 || scope.templates.some((template) => isSelected(place, template))) return [];
    return [found('selector/selects-nothing', place.from, place.path, `(${describeSelector(place.selector, place.plain)}) selects no Pod of this owner`)];
  });
}

function isSelected({ from, selector, plain }: SelectorPlace, template: PodTemplate): boolean {
  if (!isBeside(from, template)) return false;
  const labels = labelsFor(template, dig(plain ? selector : dig(selector, 'matchLabels'), POD_NAME));
  return plain ? matchesAll(selector, labels) : selects(selector, labels);
}

const WORKLOADS: ReadonlySet<string> = new Set(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']);

/** A workload selects its own Pods, and nobody else's. */
export function checkOwnTemplates(scope: Scope): Finding[] {
  return scope.templates.filter(({ kind }) => WORKLOADS.has(kind)).flatMap((template) => {
    const selector = dig(template.from.manifest, 'spec', 'selector');
    const text = `(${describeSelector(selector, false)})`;
    if (!selects(selector, template.labels)) return [found('selector/not-own-template', template.from, 'spec.selector', `${text} does not select the Pods of its own template`)];
    return scope.templates
      .filter((other) => other !== template && isBeside(template.from, other) && selects(selector, other.labels))
      .map((other) => found('selector/not-own-template', template.from, 'spec.selector', `${text} also selects the Pods of ${nameOf(other.from.manifest)}`));
  });
}

/** A Service leads to a port that its Pods have. */
export function checkServicePorts(scope: Scope): Finding[] {
  return scope.manifests.filter(isPodService).flatMap((service) => {
    const selector = dig(service.manifest, 'spec', 'selector');
    const pods = scope.templates.filter((template) => isSelected({ from: service, path: '', selector, plain: true }, template));
    return pods.length === 0 ? [] : objectsOf(dig(service.manifest, 'spec', 'ports')).flatMap((port, index) =>
      portFindings(service, pods, { wanted: port['targetPort'] ?? port['port'], protocol: port['protocol'] ?? 'TCP', path: `spec.ports[${index}].targetPort` }));
  });
}

function isPodService({ manifest }: CheckedManifest): boolean {
  return manifest.kind === 'Service' && manifest.apiVersion === 'v1' && isObject(dig(manifest, 'spec', 'selector'));
}

interface TargetPort {
  readonly wanted: Json;
  readonly protocol: Json;
  readonly path: string;
}

function portFindings(service: CheckedManifest, pods: readonly PodTemplate[], { wanted, protocol, path }: TargetPort): Finding[] {
  const byName = typeof wanted === 'string';
  const ports = pods.flatMap(({ containers }) => containers.flatMap(portsOf));
  if (ports.some((port) => (byName ? port.name : port.number) === wanted && port.protocol === protocol)) return [];
  const code = byName ? 'reference/port' : 'selector/port';
  const names = pods.map(({ from }) => nameOf(from.manifest)).join(', ');
  return [found(code, service, path, `is ${wordOf(wanted)}/${wordOf(protocol)}, which no container of ${names} has`)];
}
