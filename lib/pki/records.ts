/** Reads values of unknown origin. Every reader throws on a surprise, and its one caller turns that into a Problem. */
export type UnknownRecord = { readonly [key: string]: unknown };

export function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readRecord(value: unknown): UnknownRecord {
  if (!isRecord(value)) throw new TypeError('not an object');
  return value;
}

export function readText(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}

export function readTexts(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value.map(readText);
}

export function readRecords(value: unknown): UnknownRecord[] {
  if (!Array.isArray(value)) throw new TypeError('not a list');
  return value.map(readRecord);
}

export function readNumber(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return value;
}

export function readFlag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError('neither true nor false');
  return value;
}
