import type { Problem } from '../../problem.ts';
import { problemOf, type Finding } from '../finding.ts';
import type { CheckedPart } from '../input.ts';
import { groupKindOf, nameOf, objectKey, type CheckedManifest, type Scope } from '../scope.ts';

/** An object that an owner writes. */
export interface Claim {
  /** API server, group and kind, namespace and name. */
  readonly key: string;
  readonly owner: string;
  readonly folder: string;
  readonly source: string;
  /** How messages name it. */
  readonly object: string;
}

/** Who writes which object, in a fleet; by key. Kept between builds, it makes a changed cluster cheap to check. */
export type Claims = Map<string, Claim>;

/** The objects of one owner, in order. */
export function claimsOf(owner: string, parts: readonly CheckedPart[]): Claim[] {
  return parts.flatMap((part) => part.manifests.map((placed) => claimOf(owner, { ...placed, part })));
}

function claimOf(owner: string, { part, manifest, source }: CheckedManifest): Claim {
  const { namespace, name } = manifest.metadata;
  const key = objectKey(part.api, groupKindOf(manifest), namespace ?? null, name);
  return { key, owner, folder: part.folder, source, object: nameOf(manifest) };
}

/** Adds the objects of an owner to those of the fleet; the problems are those that another owner already writes. */
export function addClaims(claims: Claims, added: readonly Claim[]): Problem[] {
  return duplicatesAmong(claims, added).map(({ owner, finding }) => problemOf(owner, finding));
}

/** Forgets the objects of an owner, before its new ones are added. */
export function removeClaims(claims: Claims, owner: string): void {
  for (const [key, claim] of claims) if (claim.owner === owner) claims.delete(key);
}

/** No object is written twice for one API server. */
export function checkIdentities({ owner, manifests }: Scope): Finding[] {
  return duplicatesAmong(new Map(), manifests.map((item) => claimOf(owner, item))).map(({ finding }) => finding);
}

function duplicatesAmong(claims: Claims, added: readonly Claim[]): { owner: string; finding: Finding }[] {
  return added.flatMap((claim) => {
    const first = claims.get(claim.key);
    if (first === undefined) claims.set(claim.key, claim);
    return first === undefined ? [] : [{ owner: claim.owner, finding: duplicateOf(first, claim) }];
  });
}

function duplicateOf(first: Claim, { object, source, owner, folder }: Claim): Finding {
  const other = first.owner === owner ? '' : `${first.owner}: `;
  const what = `is written twice: in ${folder}, and by ${other}${first.source || first.folder} in ${first.folder}`;
  return { code: 'manifest/duplicate', object, source, path: '', what };
}

/** The duplicates among the parts of several owners. */
export function duplicatesInFleet(owners: ReadonlyMap<string, readonly CheckedPart[]>): Problem[] {
  const claims: Claims = new Map();
  return [...owners].flatMap(([owner, parts]) => addClaims(claims, claimsOf(owner, parts)));
}
