import type { ClusterDefinition } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { factsOf, type FeatureGate } from '../../../versions/facts.ts';
import { apiHistoryOf, apiVersionsOf, gateHistoryOf } from '../../../versions/history.ts';
import type { Minor } from '../../../versions/minor.ts';
import { isAtLeast, supportedMinor } from '../../../versions/version.ts';
import { below } from '../../paths.ts';
import { componentsOf, type ClusterRule } from '../../rule.ts';
import { error, warning, wordsOf } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';

/** Feature gates, and the APIs that are switched on and off. */
export const GATE_RULES: readonly ClusterRule[] = [featureGates, runtimeConfig];

/** Each component with what it knows of gates. */
function knowersOf(cluster: ClusterDefinition): { binary: string; minor: Minor; gates: Readonly<Record<string, FeatureGate>> }[] {
  return componentsOf(cluster).flatMap(({ binary, minor }) => (minor === null ? [] : [{ binary, minor, gates: factsOf(minor).components[binary].gates }]));
}

function featureGates(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const knowers = knowersOf(cluster);
  if (knowers.length === 0) return [];
  return Object.entries(cluster.featureGates ?? {}).flatMap(([gate, value]) => {
    const knowing = knowers.filter(({ gates }) => Object.hasOwn(gates, gate));
    if (knowing.length === 0) return [goneGate(cluster.name, gate, knowers[0])];
    const locked = knowing.filter(({ gates }) => gates[gate]?.locked === true && gates[gate].default !== value);
    return locked.length === 0 ? [] : [lockedGate(cluster.name, gate, value, locked)];
  });
}

type Knower = ReturnType<typeof knowersOf>[number];

/** No component knows the gate: it was removed, comes later, or never was. */
function goneGate(of: string, gate: string, knower: Knower | undefined): Problem {
  const path = below('featureGates', gate);
  const { minor = '', gates = {} } = knower ?? {};
  const history = gateHistoryOf(gate);
  if (history?.removed !== undefined && isAtLeast(minor, history.removed)) {
    return error('gates/removed', of, path, {
      what: `feature gate ${gate} was removed in v${history.removed}.`,
      why: 'a component stops at a gate that it does not know.',
      fix: `remove it${history.value === undefined ? '' : `: the feature is always ${history.value ? 'on' : 'off'}`}.`,
    });
  }
  const later = history?.added !== undefined && !isAtLeast(minor, history.added);
  return error('gates/unknown', of, path, {
    what: `no component of v${minor} knows a feature gate ${gate}.${later ? ` It comes with v${history.added}.` : didYouMean(gate, Object.keys(gates))}`,
    why: 'a component stops at a gate that it does not know.',
    fix: later ? 'remove it until the cluster has that version.' : 'correct the name, or remove it.',
  });
}

function lockedGate(of: string, gate: string, value: boolean, locked: readonly Knower[]): Problem {
  const [state, forced] = value ? ['on', 'off'] : ['off', 'on'];
  const since = gateHistoryOf(gate)?.locked;
  const binaries = wordsOf(locked.map(({ binary }) => binary));
  return error('gates/locked', of, below('featureGates', gate), {
    what: `feature gate ${gate} is switched ${state}, but is locked ${forced} ${since === undefined ? `in v${locked[0]?.minor}` : `since v${since}`}.`,
    why: `${binaries} ${locked.length === 1 ? 'stops at its' : 'stop at their'} start rather than have it ${state}.`,
    fix: `remove it: the feature cannot be switched ${state} any more.`,
  });
}

const GROUPS_OF_VERSIONS = ['api/all', 'api/ga', 'api/beta', 'api/alpha'];

/** APIs without which Kubernetes' own controllers do not work. */
const NEEDED_APIS = [
  'api/all', 'api/ga', 'v1', 'apps/v1', 'rbac.authorization.k8s.io/v1', 'coordination.k8s.io/v1', 'discovery.k8s.io/v1', 'certificates.k8s.io/v1',
  'authentication.k8s.io/v1', 'authorization.k8s.io/v1', 'admissionregistration.k8s.io/v1', 'apiregistration.k8s.io/v1', 'apiextensions.k8s.io/v1',
  'networking.k8s.io/v1', 'storage.k8s.io/v1', 'policy/v1', 'scheduling.k8s.io/v1', 'node.k8s.io/v1', 'events.k8s.io/v1', 'flowcontrol.apiserver.k8s.io/v1',
];

function runtimeConfig(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const minor = supportedMinor(cluster.components?.apiserver?.version ?? cluster.kubernetes);
  if (minor === null) return [];
  return Object.entries(cluster.components?.apiserver?.runtimeConfig ?? {}).flatMap(([key, isOn]) => {
    const path = below('components.apiserver.runtimeConfig', key);
    const unknown = unknownApi(cluster.name, path, key, minor);
    if (unknown !== null) return [unknown];
    return isOn || !NEEDED_APIS.includes(versionOf(key)) || key.split('/').length > 2 ? [] : [warning('runtime-config/needed', cluster.name, path, {
      what: `${key} is switched off.`,
      why: 'components of the control plane and of nodes use it, and fail without.',
      fix: 'remove it.',
    })];
  });
}

/** `group/version` of `group/version/resource`; `v1` of the core group. */
function versionOf(key: string): string {
  const [group = '', version] = key.split('/');
  return group === 'v1' || version === undefined ? group : `${group}/${version}`;
}

function unknownApi(of: string, path: string, key: string, minor: Minor): Problem | null {
  const [known, version] = [apiVersionsOf(minor), versionOf(key)];
  if (GROUPS_OF_VERSIONS.includes(key) || known.includes(version)) return null;
  const { added, removed } = apiHistoryOf(version) ?? {};
  const gone = removed !== undefined && isAtLeast(minor, removed);
  const history = gone ? ` It was removed in v${removed}.` : added === undefined ? didYouMean(key, [...known, ...GROUPS_OF_VERSIONS]) : ` It comes with v${added}.`;
  return error('runtime-config/unknown-api', of, path, {
    what: `kube-apiserver v${minor} has no API ${version}.${history}`,
    why: 'kube-apiserver stops at an API that it does not know.',
    fix: history.startsWith(' It') ? 'remove it.' : 'write group/version, group/version/resource, or api/all, api/ga, api/beta or api/alpha.',
  });
}
