import apiVersions from './api-versions.json' with { type: 'json' };
import gateHistory from './gate-history.json' with { type: 'json' };
import { isAtLeast } from './version.ts';

/** The minors in which something appeared, was locked to one value, and went away; each absent when unknown or not yet. */
export interface History {
  readonly added?: string;
  readonly locked?: string;
  readonly value?: boolean;
  readonly removed?: string;
}

const GATE_HISTORY: Readonly<Record<string, History>> = gateHistory.gates;
const API_VERSIONS: Readonly<Record<string, History>> = apiVersions.versions;

/** What is known of a feature gate's past, also when no supported minor has it any more. */
export const gateHistoryOf = (gate: string): History | undefined => (Object.hasOwn(GATE_HISTORY, gate) ? GATE_HISTORY[gate] : undefined);

/** What is known of `group/version`, or of `v1`. */
export const apiHistoryOf = (version: string): History | undefined => (Object.hasOwn(API_VERSIONS, version) ? API_VERSIONS[version] : undefined);

/** Group versions that kube-apiserver of this minor has registered. */
export const apiVersionsOf = (minor: string): string[] =>
  Object.keys(API_VERSIONS).filter((version) => livesIn(API_VERSIONS[version] ?? {}, minor));

/** Whether something with this history is there in a minor. */
export const livesIn = ({ added, removed }: History, minor: string): boolean =>
  (added === undefined || isAtLeast(minor, added)) && (removed === undefined || !isAtLeast(minor, removed));
