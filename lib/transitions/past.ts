import { RECORD_VERSION, recordPath } from '../model/record.ts';
import { isRecord, type UnknownRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';

/** What an owner was when `dist/` was last built. An earlier compiler may have written it: any field may be absent. */
export interface Past {
  readonly kind: 'cluster' | 'meta';
  readonly resolved: UnknownRecord;
}

export type PastReading = { readonly ok: true; readonly past: Past | null } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the text of a record; an owner without one has no past. */
export function readPast(text: string | null, owner: string): PastReading {
  if (text === null) return { ok: true, past: null };
  const record = parse(text);
  if (!isRecord(record)) return unreadable(owner, 'it is no JSON object');
  const { version, resolved } = record;
  if (version !== RECORD_VERSION) return unreadable(owner, `its version is not ${RECORD_VERSION}`);
  if (!isRecord(resolved) || resolved['name'] !== owner) return unreadable(owner, `it does not say what ${owner} was`);
  return { ok: true, past: { kind: 'namespace' in resolved ? 'cluster' : 'meta', resolved } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function unreadable(owner: string, reason: string): PastReading {
  const path = `dist/${recordPath(owner)}`;
  return {
    ok: false,
    problems: [{
      code: 'transition/record', severity: 'error', at: { of: path, path: '' },
      what: `${path} cannot be read: ${reason}.`,
      why: 'without it nobody knows what is there, and whether the change can be made.',
      fix: 'restore the file from git, then build again; after a merge conflict, take either side of dist/ as a whole. A record of a later kubewright needs that one.',
    }],
  };
}
