import type { Place, Problem } from '../problem.ts';
import type { Holding } from './plain-fleet.ts';

/** A position in a source file. Lines and columns count from 1; files are relative to the root, with `/`. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Where a place is: `line` and `column` when they are known, and then the text of that line. */
export interface Location {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly excerpt?: string;
}

/** Tells where in the sources a place of the definition is written. */
export type Locate = (place: Place) => Location;

/** Where a definition comes from. */
export interface Source {
  /** The file it belongs to, relative to the root. */
  readonly file: string;
  /** Its path in the fleet: `clusters[3]`; empty for the fleet itself. */
  readonly path: string;
  /** The call of its `define` function, then the calls around that one; empty when it was written without. */
  readonly calls: readonly Position[];
}

/** A file the fleet was made from, relative to the root. */
export interface Input {
  readonly path: string;
  readonly sha256: string;
}

/** A fleet as it was written: plain data, not yet validated. */
export interface LoadedFleet {
  /** Absolute, without symbolic links. */
  readonly root: string;
  /** The file that exports the fleet. */
  readonly file: string;
  /** FleetDefinition, if validation agrees. */
  readonly fleet: unknown;
  /** By index (`clusters[3]`, `metaClusters[0]`), by name, and `fleet`. Where two have one name, the name means the first. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Every file that was bundled or read, by path. */
  readonly inputs: readonly Input[];
  /** The machine's helm when it rendered the charts; null when there are none. */
  readonly helm: string | null;
  /** What is allowed and yet looks like a mistake. */
  readonly warnings: readonly Problem[];
  /** Nothing had changed since an earlier run, so nothing was run. */
  readonly cached: boolean;
}

/**
 * Files from which nothing follows but what stands at these places: only the fleet's file imports them, and they import
 * nothing but `kubewright`. None when the program changed what all files share.
 */
export type Alone = Readonly<Record<string, readonly Holding[]>>;

/** A fleet that could not be loaded, with all that is known of why. */
export interface NotLoaded {
  readonly problems: readonly Problem[];
  readonly locate: Locate;
}
