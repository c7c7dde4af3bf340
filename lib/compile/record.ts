import type { RenderedChart } from '../../charts/index.ts';
import type { FileSpec } from '../model/manifest.ts';
import { RECORD_VERSION, recordPath } from '../model/record.ts';
import type { ResolvedMetaCluster } from '../model/resolved-meta.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import type { PkiLock } from '../pki/plan.ts';
import { sortKeys } from '../pki/digest.ts';

/**
 * What `dist/` holds of a cluster, for the judgement of later changes: the resolved model, the parts with their stages
 * in order, and of each certificate what tells one from another. It holds no secret.
 */
export function recordOf(cluster: ResolvedCluster, charts: readonly RenderedChart[], lock: PkiLock): FileSpec {
  const record = { version: RECORD_VERSION, parts: partsOf(charts), certificates: certificatesOf(lock), resolved: cluster };
  return { path: recordPath(cluster.name), text: textOf(record) };
}

function partsOf(charts: readonly RenderedChart[]): { readonly part: string; readonly stages: readonly string[] }[] {
  const parts = [...new Set(charts.map(({ spec }) => spec.part))];
  return parts.map((part) => ({ part, stages: [...new Set(charts.filter(({ spec }) => spec.part === part).map(({ spec }) => spec.stage))] }));
}

function certificatesOf(lock: PkiLock): object[] {
  return lock.certificates.map(({ spec, serial, notAfter, publicKeyDigest }) => ({ name: spec.name, issuer: spec.issuer, serial, notAfter, publicKeyDigest }));
}

/** What `dist/` holds of a meta cluster. */
export function metaRecord(meta: ResolvedMetaCluster): FileSpec {
  return { path: recordPath(meta.name), text: textOf({ version: RECORD_VERSION, resolved: meta }) };
}

const textOf = (record: object): string => `${JSON.stringify(sortKeys(record), null, 1)}\n`;
