import { readFileSync } from 'node:fs';
import { assetUrl } from './asset.ts';
import type { Minor } from './minor.ts';

/** The programs whose flags and feature gates are known. */
export const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy'] as const;

/** A component whose flags and gates an author may set. */
export type Component = (typeof COMPONENTS)[number];

/** A feature gate as it holds in one minor. A locked gate refuses any value but its default. */
export interface FeatureGate {
  readonly stage: 'ALPHA' | 'BETA' | 'GA' | 'DEPRECATED';
  readonly default: boolean;
  readonly locked: boolean;
}

/** What one component takes on its command line. */
export interface ComponentFacts {
  /** Flag, without dashes, to its pflag type: `bool`, `duration`, `stringSlice`, `mapStringBool` … */
  readonly flags: Readonly<Record<string, string>>;
  readonly deprecatedFlags: readonly string[];
  /** Every gate the component knows; it exits on any other. */
  readonly gates: Readonly<Record<string, FeatureGate>>;
}

/** What the real binaries of one release know. Written by `npm run facts`, never by hand. */
export interface ReleaseFacts {
  /** The release that was asked: `1.36.3`. */
  readonly release: string;
  readonly components: Readonly<Record<Component, ComponentFacts>>;
  readonly admissionPlugins: {
    readonly known: readonly string[];
    readonly enabledByDefault: readonly string[];
  };
}

const LOADED = new Map<Minor, ReleaseFacts>();

/** The facts of a minor, read on first use. */
export function factsOf(minor: Minor): ReleaseFacts {
  const facts = LOADED.get(minor) ?? (JSON.parse(readFileSync(assetUrl(`facts/${minor}.json`), 'utf8')) as ReleaseFacts);
  LOADED.set(minor, facts);
  return facts;
}
