import { hash } from 'node:crypto';

/** A value as JSON, and the hash of that. */
export interface Serial {
  readonly text: string;
  readonly sha256: string;
}

/** Values never change, so none is written out or hashed twice. */
const KNOWN = new WeakMap<object, Serial>();

/** The JSON of plain data. */
export function serialOf(value: unknown): Serial {
  if (typeof value !== 'object' || value === null) return toSerial(JSON.stringify(value));
  const known = KNOWN.get(value) ?? toSerial(JSON.stringify(value));
  KNOWN.set(value, known);
  return known;
}

/** The value of a text that `serialOf` gave. Throws when its hash is another one. */
export function valueOf(text: string, sha256: string): unknown {
  const serial = toSerial(text);
  if (serial.sha256 !== sha256) throw new Error('a text is not the one that was kept');
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) KNOWN.set(value, serial);
  return value;
}

const toSerial = (text: string): Serial => ({ text, sha256: hash('sha256', text, 'hex') });
