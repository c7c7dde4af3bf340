import type { JsonObject } from '../../model/manifest.ts';
import type { CheckCode } from '../advice.ts';
import { found, type Finding } from '../finding.ts';
import { dig, isObject, objectOf, objectsOf, textOf, type Json } from '../objects/json.ts';
import { runs, type PodTemplate } from './pod-templates.ts';
import { objectKey, type Scope } from '../scope.ts';

type Fault = readonly [code: CheckCode, path: string, what: string];

/** StatefulSets keep their state: claims are as the API server stores them, and etcd starts, rolls and is found as it needs. */
export function checkStatefulSets(scope: Scope): Finding[] {
  return scope.templates.filter(({ kind }) => kind === 'StatefulSet').flatMap((template) => {
    const spec = objectOf(template.from.manifest['spec']);
    const etcd = template.containers.some((container) => runs(container, 'etcd'));
    const faults = [...claimTemplates(spec), ...retention(spec, etcd), ...(etcd ? etcdFaults(scope, template, spec) : [])];
    return faults.map(([code, path, what]) => found(code, template.from, path, what));
  });
}

/** What the API server fills in, and Argo CD then shows as a difference for ever (trap T3). */
function claimTemplates(spec: JsonObject): Fault[] {
  const wanted: readonly (readonly [readonly string[], string])[] = [
    [['apiVersion'], 'v1'], [['kind'], 'PersistentVolumeClaim'], [['status', 'phase'], 'Pending'],
  ];
  return objectsOf(spec['volumeClaimTemplates']).flatMap((claim, index): Fault[] => {
    const path = `spec.volumeClaimTemplates[${index}]`;
    const fixed = wanted.filter(([names, value]) => dig(claim, ...names) !== value)
      .map(([names, value]): Fault => ['statefulset/claim-template', `${path}.${names.join('.')}`, `must be \`${value}\``]);
    const mode = textOf(dig(claim, 'spec', 'volumeMode'));
    return mode === null ? [...fixed, ['statefulset/claim-template', `${path}.spec.volumeMode`, 'must be written out']] : fixed;
  });
}

/** Retain is the default; for etcd it must be there to be read. */
function retention(spec: JsonObject, etcd: boolean): Fault[] {
  const policy = spec['persistentVolumeClaimRetentionPolicy'];
  const hasClaims = objectsOf(spec['volumeClaimTemplates']).length > 0;
  if (!hasClaims || (!etcd && !isObject(policy))) return [];
  return (['whenDeleted', 'whenScaled'] as const).filter((field) => dig(policy, field) !== 'Retain')
    .map((field): Fault => ['statefulset/claims-deleted', `spec.persistentVolumeClaimRetentionPolicy.${field}`, 'must be `Retain`']);
}

function etcdFaults(scope: Scope, template: PodTemplate, spec: JsonObject): Fault[] {
  const must = (path: readonly string[], value: string): Fault[] =>
    dig(spec, ...path) === value ? [] : [['statefulset/update', ['spec', ...path].join('.'), `must be \`${value}\``]];
  return [
    ...must(['podManagementPolicy'], 'Parallel'),
    ...must(['updateStrategy', 'type'], 'RollingUpdate'),
    ...peersService(scope, template, textOf(spec['serviceName'])),
    ...probes(template),
  ];
}

/** Members find each other before any of them is ready. */
function peersService({ objects }: Scope, { from, namespace }: PodTemplate, name: string | null): Fault[] {
  const service = objects.get(objectKey(from.part.api, 'Service', namespace, name ?? ''))?.manifest;
  if (service === undefined) return [];
  const is = (field: string, value: Json): boolean => dig(service, 'spec', field) === value;
  return [
    ...(is('clusterIP', 'None') ? [] : [['statefulset/peers', 'spec.serviceName', `names Service \`${name}\`, which is not headless`] as const]),
    ...(is('publishNotReadyAddresses', true) ? [] : [['statefulset/peers', 'spec.serviceName', `names Service \`${name}\`, which hides members that are not ready`] as const]),
  ];
}

/** Liveness that needs quorum ends the members that are still well (trap T13). */
function probes({ containers }: PodTemplate): Fault[] {
  return containers.filter((container) => runs(container, 'etcd')).flatMap(({ spec, path }): Fault[] => {
    const liveness = callOf(spec['livenessProbe']);
    const readiness = callOf(spec['readinessProbe']);
    const needsQuorum = liveness !== null && (liveness === readiness || /\/(readyz|health(?!.*serializable=true))/.test(liveness));
    const unready: Fault[] = readiness === null ? [['statefulset/probes', `${path}.readinessProbe`, 'is missing']] : [];
    return needsQuorum ? [...unready, ['statefulset/probes', `${path}.livenessProbe`, 'fails without quorum, as readiness does']] : unready;
  });
}

const callOf = (probe: Json): string | null => (isObject(probe) ? JSON.stringify([probe['httpGet'], probe['exec'], probe['tcpSocket'], probe['grpc']]) : null);
