import type { JsonObject } from '../../model/manifest.ts';
import { found, type Finding } from '../finding.ts';
import { dig, joinPath, objectsOf, textOf } from '../objects/json.ts';
import { mountedTexts, mountsOf, volumeFilesOf, type Mount, type VolumeFiles } from './mounted-files.ts';
import { podNames, wordsOf, type Container, type PodTemplate } from '../pods/pod-templates.ts';
import { nameOf, type Scope } from '../scope.ts';

/** A path in a text; variables, globs and formats are part of it. */
const PATH = /(?<![\w./:-])\/(?:[\w./@%*?-]|\$\([\w.-]+\)|\$\{[^}\s]*\}|\$\w+)+/g;
const UNKNOWN = /\$\([\w.-]+\)|\$\{[^}\s]*\}|\$\w+|[%*?]/;

type Values = ReadonlyMap<string, readonly string[]>;

/** Every path below a mounted ConfigMap or Secret, in arguments and in mounted files, is a file in it. */
export function checkPaths(scope: Scope): Finding[] {
  return scope.templates.flatMap((template) => {
    const volumes = volumeFilesOf(scope, template);
    return template.containers.flatMap((container) => containerPaths(scope, template, container, volumes));
  });
}

function containerPaths(scope: Scope, template: PodTemplate, container: Container, volumes: VolumeFiles): Finding[] {
  const mounts = mountsOf(volumes, container);
  if (!mounts.some(({ files }) => files !== null)) return [];
  const values = variablesOf(template, container);
  const written = [...wordsOf(container), ...literalsOf(container)].flatMap(([text, at]) =>
    missingIn(text, mounts, values).map((what) => found('reference/path', template.from, at, what)));
  const mounted = mountedTexts(scope, template, container).flatMap(({ from, key, text }) =>
    missingIn(text, mounts, new Map()).map((what) =>
      found('reference/path', from, joinPath('data', key), `${what}; it is mounted by container \`${container.name}\` of ${nameOf(template.from.manifest)}`)));
  return [...subPaths(template, container, mounts), ...written, ...mounted];
}

/** A `subPath` that is no file becomes an empty folder, and the program fails on that. */
function subPaths({ from }: PodTemplate, { path }: Container, mounts: readonly Mount[]): Finding[] {
  return mounts.flatMap((mount) => {
    const fault = mount.subPath === null ? null : faultOf(mount.mountPath, [mount]);
    return fault === null ? [] : [found('reference/path', from, `${path}.volumeMounts`, fault)];
  });
}

/** Environment variables whose value is known, and the Pod names of a StatefulSet. */
function variablesOf(template: PodTemplate, { spec }: Container): Values {
  return new Map(objectsOf(spec['env']).map((variable) => [textOf(variable['name']) ?? '', valuesOf(template, variable)] as const)
    .filter((entry): entry is [string, readonly string[]] => entry[1] !== null));
}

function valuesOf(template: PodTemplate, variable: JsonObject): readonly string[] | null {
  const value = textOf(variable['value']);
  if (value !== null) return [value];
  const isPodName = dig(variable, 'valueFrom', 'fieldRef', 'fieldPath') === 'metadata.name';
  return isPodName && template.kind === 'StatefulSet' ? podNames(template) : null;
}

function literalsOf({ spec, path }: Container): (readonly [string, string])[] {
  return objectsOf(spec['env']).flatMap(({ value }, index) => (typeof value === 'string' ? [[value, `${path}.env[${index}].value`] as const] : []));
}

function missingIn(text: string, mounts: readonly Mount[], values: Values): string[] {
  if (!text.includes('/') || !mounts.some(({ mountPath, files }) => files !== null && text.includes(mountPath))) return [];
  const paths = [...text.matchAll(PATH)].map(([path]) => path.replace(/[.]+$/, ''));
  const wanted = [...new Set(paths)].flatMap((path) => expand(path, values));
  return wanted.flatMap((path) => faultOf(path, mounts) ?? []);
}

/** `/etc/etcd/$(POD_NAME).yaml` stands for as many paths as there are Pods. */
function expand(path: string, values: Values): readonly string[] {
  if (!path.includes('$(')) return [path];
  const [variable, name = ''] = /\$\(([\w.-]+)\)/.exec(path) ?? [];
  const known = values.get(name);
  if (variable === undefined || known === undefined) return [path];
  return known.flatMap((value) => expand(path.replace(variable, () => value), new Map([...values].filter(([key]) => key !== name))));
}

function faultOf(path: string, mounts: readonly Mount[]): string | null {
  const mount = mounts.find(({ mountPath, prefix }) => path === mountPath || path.startsWith(prefix));
  if (mount === undefined || mount.files === null) return null;
  const below = path.slice(mount.mountPath.length + 1).replace(/\/+$/, '');
  const inside = mount.subPath === null ? below : [mount.subPath, below].filter((part) => part !== '').join('/');
  if (inside === '' || isThere(inside, mount.files)) return null;
  const files = [...mount.files].map((file) => `\`${file}\``).join(', ');
  return `names ${path}, but volume \`${mount.volume}\` holds only ${files || 'nothing'}`;
}

function isThere(wanted: string, files: ReadonlySet<string>): boolean {
  if (files.has(wanted)) return true;
  const pattern = wanted.split(new RegExp(UNKNOWN, 'g')).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^/]*');
  const matcher = new RegExp(`^${pattern}(?:/|$)`);
  return [...files].some((file) => matcher.test(file));
}
