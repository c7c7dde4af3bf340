import type { FileSpec } from '../../model/manifest.ts';
import type { Problem } from '../../problem.ts';
import { found, problemOf, type Finding } from '../finding.ts';
import { eachText, isObject } from '../objects/json.ts';
import type { CheckedManifest, Scope } from '../scope.ts';
import { isSopsEncrypted } from './sops.ts';

interface SecretRule {
  readonly is: string;
  /** Quick: most texts lack it. */
  readonly hint: RegExp;
  readonly pattern: RegExp;
}

/** `PRIVATE KEY-----` in base64, at each of the three places where it can begin inside a group. */
const BASE64_MARKERS = [0, 1, 2].map(markerAt);

const SECRET_RULES: readonly SecretRule[] = [
  { is: 'a private key (PEM)', hint: /PRIVATE KEY/, pattern: /-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----/ },
  ...BASE64_MARKERS.map((marker) => ({ is: 'a private key (PEM in base64)', hint: new RegExp(marker), pattern: new RegExp(marker) })),
  { is: 'an age identity', hint: /AGE-SECRET-KEY-/, pattern: /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{10}/ },
  { is: 'a bootstrap token', hint: /\.[a-z0-9]{16}/, pattern: /(?<![\w.-])[a-z0-9]{6}\.(?=[a-z]*[0-9])[a-z0-9]{16}(?!\.?[\w-])/ },
];

function markerAt(offset: number): string {
  const encoded = Buffer.from(`${' '.repeat(offset)}PRIVATE KEY-----`).toString('base64').replace(/=+$/, '');
  return encoded.slice(offset === 0 ? 0 : offset + 1, -2);
}

/** What kind of secret a text holds, or null. Never says where, and never shows it. */
export function secretIn(text: string): string | null {
  if (text.length < 23) return null;
  const rule = SECRET_RULES.find(({ hint, pattern }) => hint.test(text) && pattern.test(text));
  return rule?.is ?? null;
}

/** No secret is written in clear, wherever a chart may have put it. */
export function checkSecrets(scope: Scope): Finding[] {
  return scope.manifests.flatMap((item) => [...secretTexts(item), ...clearSecret(item)]);
}

/** The same for files that are no manifests. */
export function checkTexts(owner: string, files: readonly FileSpec[]): Problem[] {
  return files.flatMap(({ path, text }) => {
    const secret = secretIn(text);
    return secret === null ? [] : [problemOf(owner, { code: 'secret/in-clear', source: '', object: path, path: '', what: `holds ${secret} in clear` })];
  });
}

/** All texts are searched as one, and each by itself only when there is something to tell. */
function secretTexts(item: CheckedManifest): Finding[] {
  if (secretIn(item.texts) === null) return [];
  const findings: Finding[] = [];
  eachText(item.manifest, (text, path) => {
    const secret = secretIn(text);
    if (secret !== null) findings.push(found('secret/in-clear', item, path(), `holds ${secret} in clear`));
  });
  return findings;
}

function clearSecret(item: CheckedManifest): Finding[] {
  const { manifest } = item;
  if (manifest.kind !== 'Secret' || manifest.apiVersion !== 'v1' || isSopsEncrypted(manifest)) return [];
  return (['data', 'stringData'] as const)
    .filter((field) => isObject(manifest[field]) && Object.keys(manifest[field]).length > 0)
    .map((field) => found('secret/in-clear', item, field, 'is a Secret in clear'));
}
