import { found, type Finding } from '../finding.ts';
import { dig, listOf, objectsOf, textOf, wordOf, type Json } from '../objects/json.ts';
import { podPath, type Container, type PodTemplate } from './pod-templates.ts';
import type { Scope } from '../scope.ts';

type Fault = readonly [path: string, what: string];

/** Every Pod meets the Pod Security Standard `restricted`, which the namespace of a control plane enforces. */
export function checkPodSecurity(scope: Scope): Finding[] {
  return scope.templates.flatMap((template) =>
    [...podFaults(template), ...template.containers.flatMap((container) => containerFaults(container, template))].map(([path, what]) =>
      found('pod/not-restricted', template.from, path, what)),
  );
}

const HOST_FIELDS = ['hostNetwork', 'hostPID', 'hostIPC'] as const;
/** Volumes that `restricted` allows; all others reach into the machine, or into other people's storage. */
const VOLUMES: ReadonlySet<string> = new Set([
  'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret',
]);

function podFaults(template: PodTemplate): Fault[] {
  const { spec } = template;
  return [
    ...HOST_FIELDS.filter((field) => spec[field] === true).map((field) => [podPath(template, field), 'must not be true'] as const),
    ...objectsOf(spec['volumes']).flatMap((volume, index) => Object.keys(volume)
      .filter((field) => field !== 'name' && !VOLUMES.has(field))
      .map((field) => [`${podPath(template, 'volumes')}[${index}].${field}`, 'is a kind of volume that is not allowed'] as const)),
  ];
}

/** A container's own answer, or that of its Pod. */
function effective(container: Container, template: PodTemplate, ...names: readonly string[]): Json {
  return dig(container.spec, 'securityContext', ...names) ?? dig(template.spec, 'securityContext', ...names);
}

const ADDABLE: ReadonlySet<Json> = new Set(['NET_BIND_SERVICE']);

function containerFaults(container: Container, template: PodTemplate): Fault[] {
  const context = `${container.path}.securityContext`;
  const own = (...names: readonly string[]): Json => dig(container.spec, 'securityContext', ...names);
  const profile = effective(container, template, 'seccompProfile', 'type');
  const faults: readonly (readonly [boolean, string, string])[] = [
    [effective(container, template, 'runAsNonRoot') !== true, 'runAsNonRoot', 'must be true, here or for the Pod'],
    [effective(container, template, 'runAsUser') === 0, 'runAsUser', 'must not be 0'],
    [own('allowPrivilegeEscalation') !== false, 'allowPrivilegeEscalation', 'must be false'],
    [own('privileged') === true, 'privileged', 'must not be true'],
    [!listOf(own('capabilities', 'drop')).includes('ALL'), 'capabilities.drop', 'must have `ALL`'],
    [listOf(own('capabilities', 'add')).some((added) => !ADDABLE.has(added)), 'capabilities.add', 'may have nothing but `NET_BIND_SERVICE`'],
    [profile !== 'RuntimeDefault' && profile !== 'Localhost', 'seccompProfile.type', 'must be `RuntimeDefault`, here or for the Pod'],
    [own('procMount') !== undefined && own('procMount') !== 'Default', 'procMount', 'must be `Default`'],
  ];
  return [...faults.filter(([wrong]) => wrong).map(([, field, what]) => [`${context}.${field}`, what] as const), ...hostPorts(container)];
}

function hostPorts({ spec, path }: Container): Fault[] {
  return objectsOf(spec['ports']).flatMap(({ name, hostPort }, index) => {
    if (hostPort === undefined || hostPort === 0) return [];
    return [[`${path}.ports[${index}].hostPort`, `must not be set (${textOf(name) ?? wordOf(hostPort)})`] as const];
  });
}
