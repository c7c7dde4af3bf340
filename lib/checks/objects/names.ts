import { found, type Finding } from '../finding.ts';
import { joinPath, objectsOf, textOf, textsOf } from './json.ts';
import { podPath } from '../pods/pod-templates.ts';
import type { CheckedManifest, Scope } from '../scope.ts';

interface NameRule {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly is: string;
}

const SUBDOMAIN: NameRule = {
  pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, longest: 253,
  is: 'a DNS subdomain: lower-case letters, digits, `-` and `.`',
};
const LABEL: NameRule = { pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, longest: 63, is: 'a DNS label: lower-case letters, digits and `-`' };
const SERVICE: NameRule = { pattern: /^[a-z]([-a-z0-9]*[a-z0-9])?$/, longest: 63, is: 'a DNS label that begins with a letter' };
const PATH: NameRule = { pattern: /^(?!\.{1,2}$)[^/%]+$/, longest: 253, is: 'free of `/` and `%`' };
const shorter = (rule: NameRule, longest: number): NameRule => ({ ...rule, longest });

/**
 * Rules of those kinds whose names are not plain DNS subdomains. A StatefulSet's Pods carry `<name>-<hash of ten>` as
 * a label of at most 63 characters, and a CronJob's Jobs `<name>-<ten or eleven digits>`.
 */
const NAME_RULES: Readonly<Record<string, NameRule>> = {
  CronJob: shorter(LABEL, 52),
  Job: shorter(LABEL, 63),
  StatefulSet: shorter(LABEL, 52),
  Namespace: LABEL,
  Service: SERVICE,
  ClusterRole: PATH,
  ClusterRoleBinding: PATH,
  Role: PATH,
  RoleBinding: PATH,
};

const PORT: NameRule = { pattern: /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/, longest: 15, is: 'a port name: at most 15 lower-case letters, digits and `-`' };
const KEY: NameRule = { pattern: /^[-._a-zA-Z0-9]+$/, longest: 253, is: 'a file name: letters, digits, `-`, `_` and `.`' };
const ENVIRONMENT: NameRule = { pattern: /^[-._a-zA-Z][-._a-zA-Z0-9]*$/, longest: 253, is: 'a variable name: letters, digits, `_`, `-` and `.`' };

/** Names of objects, and of what is inside them, are what the API server accepts. */
export function checkNames(scope: Scope): Finding[] {
  return [...scope.manifests.flatMap(objectNames), ...scope.manifests.flatMap(keyNames), ...scope.templates.flatMap((template) => [
    ...objectsOf(template.spec['volumes']).flatMap(({ name }, index) => check(template.from, `${podPath(template, 'volumes')}[${index}].name`, textOf(name), LABEL)),
    ...template.containers.flatMap(({ path, spec }) => [
      ...check(template.from, `${path}.name`, textOf(spec['name']), LABEL),
      ...objectsOf(spec['ports']).flatMap(({ name }, index) => check(template.from, `${path}.ports[${index}].name`, textOf(name), PORT)),
      ...objectsOf(spec['env']).flatMap(({ name }, index) => check(template.from, `${path}.env[${index}].name`, textOf(name), ENVIRONMENT)),
    ]),
  ])];
}

function objectNames(item: CheckedManifest): Finding[] {
  const { kind, metadata } = item.manifest;
  return [
    ...check(item, 'metadata.name', metadata.name, NAME_RULES[kind] ?? SUBDOMAIN),
    ...check(item, 'metadata.namespace', metadata.namespace ?? null, LABEL),
  ];
}

function keyNames(item: CheckedManifest): Finding[] {
  const { manifest } = item;
  if (manifest.kind !== 'ConfigMap' && manifest.kind !== 'Secret') return [];
  return (['data', 'binaryData', 'stringData'] as const).flatMap((field) =>
    textsOf(manifest[field]).flatMap(([key]) => check(item, joinPath(field, key), key, KEY)),
  );
}

function check(item: CheckedManifest, path: string, name: string | null, rule: NameRule): Finding[] {
  if (name === null) return [];
  if (name.length > rule.longest) return [found('manifest/bad-name', item, path, `has ${name.length} characters, but may have at most ${rule.longest}`)];
  return rule.pattern.test(name) ? [] : [found('manifest/bad-name', item, path, `is \`${name}\`, which is not ${rule.is}`)];
}
