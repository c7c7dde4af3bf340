import type { JsonObject } from '../../model/manifest.ts';
import { dig, listOf, numberOf, objectOf, objectsOf, textOf, textsOf, type Json } from '../objects/json.ts';
import type { CheckedManifest } from '../scope.ts';

/** Pods that a workload makes, and where their template is. */
export interface PodTemplate {
  readonly from: CheckedManifest;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** `spec.template`, `spec.jobTemplate.spec.template`, or empty for a bare Pod. */
  readonly path: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly containers: readonly Container[];
}

/** One container of a template. */
export interface Container {
  /** Path inside the manifest: `spec.template.spec.containers[0]`. */
  readonly path: string;
  readonly name: string;
  readonly init: boolean;
  readonly spec: JsonObject;
}

const TEMPLATE_PATHS: ReadonlyMap<string, readonly string[]> = new Map([
  ['v1/Pod', []],
  ['v1/ReplicationController', ['spec', 'template']],
  ['apps/v1/DaemonSet', ['spec', 'template']],
  ['apps/v1/Deployment', ['spec', 'template']],
  ['apps/v1/ReplicaSet', ['spec', 'template']],
  ['apps/v1/StatefulSet', ['spec', 'template']],
  ['batch/v1/CronJob', ['spec', 'jobTemplate', 'spec', 'template']],
  ['batch/v1/Job', ['spec', 'template']],
]);

/** The Pods that a manifest makes, or null when it makes none. */
export function podTemplateOf(from: CheckedManifest): PodTemplate | null {
  const { manifest } = from;
  const names = TEMPLATE_PATHS.get(from.type);
  if (names === undefined) return null;
  const template = objectOf(dig(manifest, ...names));
  const spec = objectOf(template['spec']);
  const path = names.join('.');
  const labels = Object.fromEntries(textsOf(dig(template, 'metadata', 'labels')));
  const { kind, metadata } = manifest;
  return { from, kind, name: metadata.name, namespace: metadata.namespace ?? '', path, labels, spec, containers: containersOf(spec, path) };
}

function containersOf(spec: JsonObject, path: string): Container[] {
  return (['initContainers', 'containers'] as const).flatMap((field) =>
    objectsOf(spec[field]).map((container, index) => ({
      path: `${path === '' ? '' : `${path}.`}spec.${field}[${index}]`,
      name: textOf(container['name']) ?? '',
      init: field === 'initContainers',
      spec: container,
    })),
  );
}

/** Path of a field of the Pod's spec, inside its manifest. */
export function podPath(template: PodTemplate, field: string): string {
  return `${template.path === '' ? '' : `${template.path}.`}spec.${field}`;
}

/** True when a container runs this program: by its command, or by its image when it has none. */
export function runs(container: Container, program: string): boolean {
  const [command] = listOf(container.spec['command']);
  if (typeof command === 'string') return command.slice(command.lastIndexOf('/') + 1) === program;
  const repository = (textOf(container.spec['image']) ?? '').replace(/@.*$/, '').replace(/:[^/:]*$/, '');
  return repository.slice(repository.lastIndexOf('/') + 1) === program;
}

/** Command and arguments of a container, each with its path. */
export function wordsOf(container: Container): readonly (readonly [text: string, path: string])[] {
  return (['command', 'args'] as const).flatMap((field) =>
    listOf(container.spec[field]).flatMap((word, index) =>
      typeof word === 'string' ? [[word, `${container.path}.${field}[${index}]`] as const] : [],
    ),
  );
}

/** The value of one flag (`--name=value`), or null. */
export function flagOf(container: Container, flag: string): string | null {
  const start = `--${flag}=`;
  const found = wordsOf(container).find(([word]) => word.startsWith(start));
  return found === undefined ? null : found[0].slice(start.length);
}

/** The names of a StatefulSet's Pods. */
export function podNames({ from, name }: PodTemplate): string[] {
  const start = numberOf(dig(from.manifest, 'spec', 'ordinals', 'start'), 0);
  const replicas = numberOf(dig(from.manifest, 'spec', 'replicas'), 1);
  return Array.from({ length: Number.isInteger(replicas) && replicas > 0 ? replicas : 0 }, (_, index) => `${name}-${start + index}`);
}

/** The label by which one Pod of a StatefulSet is selected; its controller adds it. */
export const POD_NAME = 'statefulset.kubernetes.io/pod-name';

/** The labels of that Pod of a template which a selector means. A StatefulSet that is scaled to nothing has all its names still. */
export function labelsFor(template: PodTemplate, wanted: Json): PodTemplate['labels'] {
  if (template.kind !== 'StatefulSet' || typeof wanted !== 'string') return template.labels;
  const names = podNames(template);
  const isName = names.includes(wanted) || (names.length === 0 && wanted.startsWith(`${template.name}-`));
  return isName ? { ...template.labels, [POD_NAME]: wanted } : template.labels;
}
