import { MINORS, type Minor } from './minor.ts';

/** Versions are compared here, and nowhere else. */
export interface Version {
  readonly major: number;
  readonly minor: number;
  /** 0 when the text names a minor only. */
  readonly patch: number;
}

/** Reads `1.34.4` or `1.34`, with or without a leading v; null for anything else, a pre-release included. */
export function parseVersion(text: string): Version | null {
  const [, major, minor, patch = '0'] = /^v?(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(?:\.(0|[1-9][0-9]*))?$/.exec(text) ?? [];
  return major === undefined || minor === undefined ? null : { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

/** Negative when `a` is older, positive when it is newer, 0 when both are the same release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [versionOf(a), versionOf(b)];
  return left.major - right.major || left.minor - right.minor || left.patch - right.patch;
}

export const isAtLeast = (version: string, floor: string): boolean => compareVersions(version, floor) >= 0;

export const isOlder = (version: string, other: string): boolean => compareVersions(version, other) < 0;

/** Whether a version lies between two, both included. */
export const isWithin = (version: string, first: string, last: string): boolean => isAtLeast(version, first) && isAtLeast(last, version);

/** How many minors `a` is newer than `b`; negative when it is older. Infinite across majors, which no rule allows. */
export function minorsApart(a: string, b: string): number {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (left.major !== right.major) return Math.sign(left.major - right.major) * Number.POSITIVE_INFINITY;
  return left.minor - right.minor;
}

/** `1.34` of `1.34.4`, whether it is supported or not. */
export function minorText(version: string): string {
  const { major, minor } = versionOf(version);
  return `${major}.${minor}`;
}

/** The supported minor of a version, or null: for texts that nobody has validated yet. */
export function supportedMinor(version: string): Minor | null {
  return parseVersion(version) === null ? null : MINORS.find((minor) => minor === minorText(version)) ?? null;
}

/** The minor of a validated version. */
export function minorOf(version: string): Minor {
  const minor = supportedMinor(version);
  if (minor === null) throw new Error(`${version} is of no supported minor: validation should have refused it`);
  return minor;
}

function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === null) throw new Error(`${text} is no version: validation should have refused it`);
  return version;
}
