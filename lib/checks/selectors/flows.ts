import type { Finding } from '../finding.ts';
import type { Flow, FlowEnd } from '../input.ts';
import { textsOf } from '../objects/json.ts';
import { matchesAll } from './label-selector.ts';
import { judge, policyOf, type Judgement, type PolicyWorld } from './network-policies.ts';
import type { PodTemplate } from '../pods/pod-templates.ts';
import { portsOf } from '../references/ports.ts';
import { objectKey, type Scope } from '../scope.ts';

/** Network policies let through every connection that must work, and none that must not. */
export function checkFlows(scope: Scope): Finding[] {
  const { flows, denied } = scope.context;
  const apis = new Set([...flows, ...denied].map(({ api }) => api));
  return [...apis].flatMap((api) => {
    const world = worldOf(scope, api);
    const here = (flow: Flow): boolean => flow.api === api;
    return [...flows.filter(here).flatMap((flow) => blocked(scope, world, flow)), ...denied.filter(here).flatMap((flow) => open(scope, world, flow))];
  });
}

function blocked(scope: Scope, world: PolicyWorld, flow: Flow): Finding[] {
  const judged = judgeAll(scope, world, flow);
  const sides = [
    ...(judged.every(({ egress }) => egress) ? [] : ['no egress rule at its source']),
    ...(judged.every(({ ingress }) => ingress) ? [] : ['no ingress rule at its destination']),
  ];
  if (sides.length === 0) return [];
  return [{ ...subjectOf(flow), code: 'policy/flow-blocked', what: `must work, but ${sides.join(' and ')} allows it` }];
}

function open(scope: Scope, world: PolicyWorld, flow: Flow): Finding[] {
  if (!judgeAll(scope, world, flow).some(({ egress, ingress }) => egress && ingress)) return [];
  return [{ ...subjectOf(flow), code: 'policy/flow-open', what: 'must not work, but the network policies allow it on both sides' }];
}

/** A flow names Pods by some of their labels; policies are judged with all labels of every Pod that it means. */
function judgeAll(scope: Scope, world: PolicyWorld, flow: Flow): Judgement[] {
  return endsOf(scope, flow, flow.from).flatMap((from) => endsOf(scope, flow, flow.to).map((to) => judge(world, { ...flow, from, to })));
}

function endsOf(scope: Scope, { api }: Flow, end: FlowEnd): FlowEnd[] {
  if (end.labels === null) return [end];
  const pods = podsAt(scope, api, end).map(({ labels }) => ({ ...end, labels }));
  return pods.length === 0 ? [end] : pods;
}

function podsAt({ templates }: Scope, api: string, { labels, namespace }: FlowEnd): PodTemplate[] {
  return templates.filter((pod) => pod.from.part.api === api && pod.namespace === namespace && matchesAll(labels ?? {}, pod.labels));
}

function subjectOf({ from, to, port, protocol, source }: Flow) {
  return { source, path: '', object: `the connection from ${describe(from)} to ${describe(to)}, ${protocol} ${port},` };
}

function describe({ labels, namespace, address }: FlowEnd): string {
  if (labels === null) return address ?? 'anywhere';
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return `Pods ${pairs.join(',') || '(all)'} in ${namespace ?? 'any namespace'}`;
}

function worldOf(scope: Scope, api: string): PolicyWorld {
  const here = scope.manifests.filter(({ part }) => part.api === api);
  const policies = here.filter(({ manifest }) => manifest.kind === 'NetworkPolicy').map(({ manifest }) => policyOf(manifest));
  return {
    policies,
    labelsOf: (namespace) => namespaceLabels(scope, api, namespace),
    portsNamed: (end, name) => podsAt(scope, api, end)
      .flatMap(({ containers }) => containers.flatMap(portsOf))
      .filter((port) => port.name === name)
      .map((port) => port.number),
  };
}

/** The API server labels every namespace with its own name. */
function namespaceLabels({ objects }: Scope, api: string, namespace: string): Record<string, string> {
  const manifest = objects.get(objectKey(api, 'Namespace', null, namespace))?.manifest;
  return { ...Object.fromEntries(textsOf(manifest?.metadata.labels)), 'kubernetes.io/metadata.name': namespace };
}
