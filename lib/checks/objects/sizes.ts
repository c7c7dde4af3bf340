import { found, type Finding } from '../finding.ts';
import { dig, objectOf, textOf, textsOf, type Json } from './json.ts';
import type { CheckedManifest, Scope } from '../scope.ts';

/** The API server's limit, of all annotations of an object together. */
const ANNOTATION_BYTES = 256 * 1024;
/** A little below the API server's 1 MiB, for it counts keys and padding too. */
const DATA_BYTES = 1_000_000;
/** Ciphertext is base64 and stored whole; etcd takes 1.5 MiB in one request. */
const SEALED_BYTES = 1_350_000;

interface SizeRule {
  readonly kinds: readonly string[] | null;
  readonly path: readonly string[];
  readonly most: number;
}

const SIZE_RULES: readonly SizeRule[] = [
  { kinds: null, path: ['metadata', 'annotations'], most: ANNOTATION_BYTES },
  { kinds: ['ConfigMap', 'Secret'], path: ['data'], most: DATA_BYTES },
  { kinds: ['ConfigMap'], path: ['binaryData'], most: DATA_BYTES },
  { kinds: ['Secret'], path: ['stringData'], most: DATA_BYTES },
  { kinds: ['SealedSecret'], path: ['spec', 'encryptedData'], most: SEALED_BYTES },
];

/** No object is larger than the API server stores. */
export function checkSizes(scope: Scope): Finding[] {
  return scope.manifests.flatMap((item) => [...SIZE_RULES.flatMap((rule) => sizeFindings(item, rule)), ...sealedValues(item)]);
}

function sizeFindings(item: CheckedManifest, { kinds, path, most }: SizeRule): Finding[] {
  if (kinds !== null && !kinds.includes(item.manifest.kind)) return [];
  const map = dig(item.manifest, ...path);
  if (mostBytesOf(map) <= most) return [];
  const bytes = bytesOf(map);
  return bytes <= most ? [] : [found('manifest/too-large', item, path.join('.'), `has ${bytes} bytes, but may have at most ${most}`)];
}

/** The Secret that a SealedSecret becomes must be small enough as well. */
function sealedValues(item: CheckedManifest): Finding[] {
  const sealed = item.manifest.kind === 'SealedSecret' ? dig(item.manifest, 'spec', 'encryptedData') : undefined;
  if (mostBytesOf(sealed) <= DATA_BYTES) return [];
  const bytes = Math.floor((bytesOf(sealed) * 3) / 4);
  return bytes <= DATA_BYTES ? [] : [found('manifest/too-large', item, 'spec.encryptedData', `holds about ${bytes} bytes, but a Secret may have at most ${DATA_BYTES}`)];
}

/** A unit of a text takes three bytes at most, so that few have to be counted. */
function mostBytesOf(map: Json): number {
  const texts = objectOf(map);
  let units = 0;
  for (const key in texts) units += key.length + (textOf(texts[key])?.length ?? 0);
  return units * 3;
}

function bytesOf(map: Json): number {
  return textsOf(map).reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}
