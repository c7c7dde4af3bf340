import { found, type Finding } from '../finding.ts';
import { dig, joinPath, objectOf, textsOf, type Json } from './json.ts';
import type { CheckedManifest, Scope } from '../scope.ts';

const SELECTORS = [['spec', 'selector'], ['spec', 'selector', 'matchLabels'], ['spec', 'podSelector', 'matchLabels']]
  .map((names) => ({ names, path: names.join('.') }));

/** Labels, selectors and annotations have keys and values that the API server accepts. */
export function checkLabels(scope: Scope): Finding[] {
  const onObjects = scope.manifests.flatMap((item) => [
    ...labelFindings(item, 'metadata.labels', item.manifest.metadata.labels),
    ...annotationFindings(item, 'metadata.annotations', item.manifest.metadata.annotations),
    ...SELECTORS.flatMap(({ names, path }) => labelFindings(item, path, dig(item.manifest, ...names))),
  ]);
  const onPods = scope.templates.flatMap(({ from, kind, path, labels }) => {
    if (kind === 'Pod') return [];
    const metadata = objectOf(dig(from.manifest, ...path.split('.'), 'metadata'));
    return [...labelFindings(from, `${path}.metadata.labels`, labels), ...annotationFindings(from, `${path}.metadata.annotations`, metadata['annotations'])];
  });
  return [...onObjects, ...onPods];
}

const labelFindings = (item: CheckedManifest, path: string, labels: Json): Finding[] =>
  entryFindings(item, path, labels, (key, value) => keyFault(key) ?? valueFault(value));

/** Annotations have the same keys as labels, but any value. */
const annotationFindings = (item: CheckedManifest, path: string, annotations: Json): Finding[] =>
  entryFindings(item, path, annotations, (key) => keyFault(key.toLowerCase()));

function entryFindings(item: CheckedManifest, path: string, map: Json, faultOf: (key: string, value: string) => string | null): Finding[] {
  const findings: Finding[] = [];
  for (const [key, value] of textsOf(map)) {
    const fault = faultOf(key, value);
    if (fault !== null) findings.push(found('manifest/bad-label', item, joinPath(path, key), fault));
  }
  return findings;
}

const PREFIX = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const WORD = /^[A-Za-z0-9]([-_.A-Za-z0-9]*[A-Za-z0-9])?$/;

/** Keys by what is wrong with them. Manifests repeat a few dozen; the bound keeps a hostile input from growing it. */
const KEY_FAULTS = new Map<string, string | null>();
const MOST_KEYS = 10_000;

function keyFault(key: string): string | null {
  const known = KEY_FAULTS.get(key);
  if (known !== undefined) return known;
  const fault = faultOfKey(key);
  if (KEY_FAULTS.size < MOST_KEYS) KEY_FAULTS.set(key, fault);
  return fault;
}

function faultOfKey(key: string): string | null {
  const slash = key.indexOf('/');
  const prefix = slash < 0 ? null : key.slice(0, slash);
  const name = key.slice(slash + 1);
  if (prefix !== null && (prefix.length > 253 || !PREFIX.test(prefix))) return 'has a key whose prefix is not a DNS subdomain';
  if (name.length > 63) return `has a key of ${name.length} characters, but may have at most 63 behind the prefix`;
  return WORD.test(name) ? null : 'has a key that is not letters, digits, `-`, `_` and `.`';
}

function valueFault(value: string): string | null {
  if (value.length > 63) return `has a value of ${value.length} characters, but may have at most 63`;
  return value === '' || WORD.test(value) ? null : `is \`${value}\`, but may only have letters, digits, \`-\`, \`_\` and \`.\``;
}
