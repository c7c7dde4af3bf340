import { parseAllDocuments, type Tags } from 'yaml';
import type { JsonObject, JsonValue } from '../model/manifest.ts';
import { findRefusal } from '../yaml/refusal.ts';

/** The documents of a file, or why there are none. */
export type Documents =
  | { readonly ok: true; readonly values: readonly JsonValue[] }
  | { readonly ok: false; readonly fault: string };

/** Clusters share add-ons, and parsing takes longer than all the rest. A bound keeps what is remembered small. */
const PARSED = new Map<string, Documents>();
const MOST = 500;

/** The values of a text of YAML, as Kubernetes' own parser reads them: `on` is true, and `0644` is octal. */
export function documentsOf(text: string): Documents {
  const known = PARSED.get(text);
  if (known !== undefined) return known;
  if (PARSED.size >= MOST) PARSED.clear();
  const parsed = parse(text);
  PARSED.set(text, parsed);
  return parsed;
}

/** YAML 1.1 without its times: `12:30` and `2026-01-31` are texts to Kubernetes. */
const withoutTimes = (tags: Tags): Tags =>
  tags.filter((tag) => typeof tag === 'string' || !(tag.tag.endsWith(':timestamp') || ('format' in tag && tag.format === 'TIME')));

function parse(text: string): Documents {
  try {
    const parsed = parseAllDocuments(text, { version: '1.1', customTags: withoutTimes, prettyErrors: true, logLevel: 'silent' });
    const documents = 'empty' in parsed ? [] : parsed;
    const [error] = documents.flatMap(({ errors }) => errors);
    if (error !== undefined) return { ok: false, fault: error.message.split('\n')[0]?.replace(/:$/, '') ?? '' };
    const values = documents.map((document) => document.toJS({ maxAliasCount: 1000 }) as JsonValue);
    const [refusal] = values.flatMap((value, index) => refusalsOf(value, values.length > 1 ? `in document ${index + 1}, ` : ''));
    return refusal === undefined ? { ok: true, values: values.filter((value) => value !== null) } : { ok: false, fault: refusal };
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : String(error) };
  }
}

/** Why a document can be in no manifest, if anything in it cannot be written. */
function refusalsOf(document: unknown, where: string): string[] {
  const refusal = findRefusal(document);
  return refusal === null ? [] : [`${where}${refusal}`];
}

/** Whether a value is an object, and of no class of its own. */
export const isMapping = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);
