import type { Position } from '../loaded.ts';

/** Finds the place in a source of a place in the bundle; both count from 1. */
export type Positions = (line: number, column: number) => Position | null;

/** Segments of a source map, four numbers each, and where each line of the bundle begins in them. */
interface Segments {
  readonly lineStarts: readonly number[];
  /** Column in the bundle; source, line and column of the source. All count from 0. */
  readonly numbers: Int32Array;
}

const WIDTH = 4;

/**
 * Reads a source map when it is first asked. Node's own SourceMap makes an object of every segment, which takes longer
 * for a thousand clusters than running their definitions.
 */
export function readPositions(map: string): Positions {
  let decoded: { readonly files: readonly string[]; readonly segments: Segments } | undefined;
  return (line, column) => {
    decoded ??= decode(JSON.parse(map) as { sources: string[]; mappings: string });
    return find(decoded.segments, decoded.files, line, column);
  };
}

function decode(map: { readonly sources: readonly string[]; readonly mappings: string }) {
  return { files: map.sources, segments: decodeMappings(map.mappings) };
}

/** The last segment at or before the column, or the first one of the line. */
function find({ lineStarts, numbers }: Segments, files: readonly string[], line: number, column: number): Position | null {
  const first = lineStarts[line - 1];
  const end = lineStarts[line];
  if (first === undefined || end === undefined || first === end) return null;
  let at = first;
  while (at + WIDTH < end && (numbers[at + WIDTH] ?? 0) < column) at += WIDTH;

  const [, source = -1, sourceLine = 0, sourceColumn = 0] = numbers.subarray(at, at + WIDTH);
  const file = files[source];
  return file === undefined ? null : { file, line: sourceLine + 1, column: sourceColumn + 1 };
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => BASE64.indexOf(String.fromCharCode(code)));
const SEMICOLON = 59;
const COMMA = 44;

/**
 * Base 64 VLQ, where every number but the column goes on from the one before: https://tc39.es/ecma426/#sec-mappings
 * One loop with plain variables: there are a million characters for a thousand clusters.
 */
function decodeMappings(mappings: string): Segments {
  const lineStarts = [0];
  const numbers = new Int32Array(WIDTH * Math.ceil((mappings.length + 1) / (WIDTH + 1))); // a digit a number, and a separator
  const sums = new Int32Array(WIDTH + 1);
  let end = 0;
  let field = 0;
  let value = 0;
  let shift = 0;
  for (let at = 0; at <= mappings.length; at += 1) {
    const code = at < mappings.length ? mappings.charCodeAt(at) : SEMICOLON;
    if (code === COMMA || code === SEMICOLON) {
      if (field >= WIDTH) {
        for (let of = 0; of < WIDTH; of += 1) numbers[end + of] = sums[of] ?? 0;
        end += WIDTH;
      }
      field = 0;
      if (code === COMMA) continue;
      lineStarts.push(end);
      sums[0] = 0;
    } else {
      const digit = DIGITS[code] ?? 0;
      value |= (digit & 31) << shift;
      shift += 5;
      if (digit >= 32) continue;
      sums[field] = (sums[field] ?? 0) + ((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
      field += 1;
      value = 0;
      shift = 0;
    }
  }
  return { lineStarts, numbers };
}
