import type { ResolvedMetaCluster } from '../model/resolved-meta.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import type { UnknownRecord } from '../pki/records.ts';
import type { Problem } from '../problem.ts';
import { replicasGoOn } from './autoscale-moves.ts';
import { classesStay } from './class-moves.ts';
import { ETCD_MOVES } from './etcd-moves.ts';
import { ENDPOINT_MOVES } from './endpoint-moves.ts';
import { FIXED_IN_CLUSTERS, FIXED_IN_METAS, stays } from './fixed-fields.ts';
import type { MoveRule } from './move.ts';
import { readPast, type Past } from './past.ts';
import { controllersFollow, etcdSteps, minorSteps, oneStep, stepsAwake } from './release-moves.ts';
import { encryptionBegins, encryptionReads, sealingStays } from './secret-moves.ts';
import { STORAGE_MOVES } from './storage-moves.ts';

const CLUSTER_MOVES: readonly MoveRule[] = [stays(FIXED_IN_CLUSTERS), ...ENDPOINT_MOVES, minorSteps, etcdSteps, oneStep, stepsAwake, controllersFollow, replicasGoOn, ...STORAGE_MOVES, ...ETCD_MOVES, encryptionReads, encryptionBegins, sealingStays, classesStay('storageClasses')];
const META_MOVES: readonly MoveRule[] = [stays(FIXED_IN_METAS), minorSteps, classesStay('platform.storageClasses')];

/** What speaks against a cluster's way from what `dist/` has of it to what its definition says now. `past` is the text of its record. */
export const judgeClusterMove = (past: string | null, after: ResolvedCluster, of: string): readonly Problem[] => judge(past, { ...after }, of, 'cluster');

/** The same for a meta cluster. */
export const judgeMetaMove = (past: string | null, after: ResolvedMetaCluster, of: string): readonly Problem[] => judge(past, { ...after }, of, 'meta');

/** What speaks against the removal of an owner. A meta cluster may go: whoever is hosted there is judged by itself. */
export function judgeGone(past: string | null, name: string): readonly Problem[] {
  const reading = readPast(past, name);
  return reading.ok ? goneProblems(reading.past, name) : reading.problems;
}

function judge(text: string | null, after: UnknownRecord & { readonly name: string }, of: string, kind: Past['kind']): readonly Problem[] {
  const reading = readPast(text, after.name);
  if (!reading.ok) return reading.problems;
  const { past } = reading;
  if (past === null) return [];
  if (past.kind !== kind) return goneProblems(past, after.name);
  const rules = kind === 'cluster' ? CLUSTER_MOVES : META_MOVES;
  return rules.flatMap((rule) => rule({ of, name: after.name, before: past.resolved, after }));
}

/** A control plane goes in two steps, so that nobody deletes one by moving a file. */
function goneProblems(past: Past | null, name: string): Problem[] {
  if (past?.kind !== 'cluster' || past.resolved['state'] === 'decommissioning') return [];
  return [{
    code: 'transition/cluster-gone', severity: 'error', at: { of: 'fleet', path: 'clusters' },
    what: `cluster ${name} is in dist/, and the fleet has it no longer.`,
    why: 'its control plane would be deleted with all that it holds; a cluster that is renamed is deleted, too, and another one made.',
    fix: `bring its definition back and write state: 'decommissioning' in it; remove it when that was applied and the final snapshot is there. If nothing of ${name} was ever applied, delete dist/records/${name}.json and build again.`,
  }];
}
