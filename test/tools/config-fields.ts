// Writes lib/versions/config-fields.json: the fields of the configuration files of components, from the Go types of each release.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigField, ConfigFields, ConfigKind } from '../../lib/versions/config-fields.ts';
import { factsOf } from '../../lib/versions/facts.ts';
import { MINORS, type Minor } from '../../lib/versions/minor.ts';
import { RELEASES } from '../../lib/versions/releases.ts';

/** Where a kind is declared, in the version in which a control plane of that minor is given it. */
const KINDS: Readonly<Record<ConfigKind, { readonly module: string; readonly folder: (minor: Minor) => string; readonly type?: string }>> = {
  KubeletConfiguration: { module: 'k8s.io/kubelet', folder: () => 'config/v1beta1' },
  KubeProxyConfiguration: { module: 'k8s.io/kube-proxy', folder: () => 'config/v1alpha1' },
  JWTAuthenticator: { module: 'k8s.io/apiserver', folder: (minor) => `pkg/apis/apiserver/${versionIn(RELEASES[minor].configApis.AuthenticationConfiguration)}` },
  WebhookConfiguration: { module: 'k8s.io/apiserver', folder: (minor) => `pkg/apis/apiserver/${versionIn(RELEASES[minor].configApis.AuthorizationConfiguration)}` },
  EventRateLimitConfiguration: { module: 'k8s.io/kubernetes', folder: () => 'plugin/pkg/admission/eventratelimit/apis/eventratelimit/v1alpha1', type: 'Configuration' },
  PodSecurityConfiguration: { module: 'k8s.io/pod-security-admission', folder: () => 'admission/api/v1' },
  ResourceQuotaConfiguration: { module: 'k8s.io/apiserver', folder: () => 'pkg/admission/plugin/resourcequota/apis/resourcequota/v1', type: 'Configuration' },
  PolicyRule: { module: 'k8s.io/apiserver', folder: (minor) => `pkg/apis/audit/${versionIn(RELEASES[minor].configApis.Policy)}` },
};

const versionIn = (apiVersion: string): string => apiVersion.slice(apiVersion.indexOf('/') + 1);

/** Packages whose types stand in them, by the name under which they are imported. */
const IMPORTED: Readonly<Record<string, string>> = {
  componentbaseconfigv1alpha1: 'config/v1alpha1', logsapi: 'logs/api/v1', logsapiv1: 'logs/api/v1', tracingapi: 'tracing/api/v1',
};

/** Types whose JSON is not what their declaration says. */
const SPECIAL: Readonly<Record<string, ConfigField>> = {
  bool: 'boolean', string: 'text', int: 'number', int32: 'number', int64: 'number', uint: 'number', uint32: 'number', float32: 'number', float64: 'number',
  'metav1.Duration': 'text', 'metav1.TypeMeta': {}, TimeOrMetaDuration: 'any',
};

/** Declarations of a package by name: the body of a struct, or the type that another name stands for. */
type Declarations = ReadonlyMap<string, string>;

function declarationsIn(folder: string): Declarations {
  const text = readdirSync(folder).filter((name) => name.endsWith('.go')).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  const structs = [...text.matchAll(/^type (\w+) struct \{\n(.*?)^\}/gms)];
  const names = [...text.matchAll(/^type (\w+) (?!struct|interface|func)(\S+)$/gm)];
  return new Map([...structs, ...names].map(([, name = '', body = '']) => [name, body]));
}

/** What a Go type is in JSON. */
function fieldOf(type: string, own: Declarations, load: (folder: string) => Declarations): ConfigField {
  const plain = type.replace(/^\*/, '');
  const special = SPECIAL[plain];
  if (special !== undefined) return special;
  if (plain.startsWith('[]')) {
    const item = fieldOf(plain.slice(2), own, load);
    return typeof item === 'object' ? [item as ConfigFields] : 'list';
  }
  if (plain.startsWith('map[')) return 'map';
  const [, alias, name] = /^(\w+)\.(\w+)$/.exec(plain) ?? [];
  const imported = IMPORTED[alias ?? ''];
  if (name !== undefined) return imported === undefined ? 'any' : fieldOf(name, load(imported), load);
  const body = own.get(plain);
  if (body === undefined) throw new Error(`nobody declares ${plain}`);
  return body.includes('\n') ? fieldsOf(body, own, load) : fieldOf(body, own, load);
}

function fieldsOf(body: string, own: Declarations, load: (folder: string) => Declarations): ConfigFields {
  const fields = [...body.matchAll(/^\t(?:(\w+)\s+)?([\w.*[\]]+)\s+`json:"([^",]*)(,inline)?[^"]*"[^`]*`/gm)];
  return Object.fromEntries(fields.flatMap(([, , type = '', name = '', inline]) => {
    const field = fieldOf(type, own, load);
    return inline === undefined ? [[name, field] as const] : Object.entries(field as ConfigFields);
  }));
}

function readMinor(minor: Minor): Record<string, ConfigField> {
  const { release } = factsOf(minor);
  const versionOf = (module: string): string => (module === 'k8s.io/kubernetes' ? `v${release}` : `v0${release.slice(1)}`);
  const base = folderOf(`k8s.io/component-base@${versionOf('k8s.io/component-base')}`);
  const load = (folder: string): Declarations => declarationsIn(join(base, folder));
  return Object.fromEntries(Object.entries(KINDS).map(([kind, { module, folder, type = kind }]) =>
    [kind, fieldOf(type, declarationsIn(join(folderOf(`${module}@${versionOf(module)}`), folder(minor))), load)]));
}

/** Where the Go module proxy's copy lies. */
function folderOf(module: string): string {
  const answer = JSON.parse(execFileSync('go', ['mod', 'download', '-json', module], { encoding: 'utf8' })) as { Dir: string };
  return answer.Dir;
}

const table = Object.fromEntries(MINORS.map((minor) => [minor, readMinor(minor)]));
writeFileSync(new URL('../../lib/versions/config-fields.json', import.meta.url), `${JSON.stringify(table, null, 1)}\n`);
