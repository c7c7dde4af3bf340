import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

/** Keys in code-unit order, all the way down. Lists stay as they are. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sortKeys(value[key])]));
}

/** JSON with a line for each entry down to `depth`, and everything below in that line: good diffs, few lines. */
export function layOutJson(value: unknown, depth: number, indent = ''): string {
  if (depth === 0 || typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => layOutJson(item, depth - 1, inner))
    : Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${layOutJson(item, depth - 1, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return lines.length === 0 ? `${open}${close}` : `${open}\n${inner}${lines.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** Writes only what is not there yet; true when it wrote. */
export function writeText(url: URL, text: string): boolean {
  if (existsSync(url) && readFileSync(url, 'utf8') === text) return false;
  replaceFile(url, Buffer.from(text));
  return true;
}

/** The same, compressed. The content decides, not the packed bytes: those differ between zlib versions. */
export function writePacked(url: URL, text: string): boolean {
  if (existsSync(url) && gunzipSync(readFileSync(url)).toString('utf8') === text) return false;
  replaceFile(url, pack(text));
  return true;
}

/** Node's header has no time; byte 9 would name the operating system, 255 is `unknown`. */
function pack(text: string): Buffer {
  const packed = gzipSync(text, { level: 9 });
  packed[9] = 255;
  return packed;
}

function replaceFile(url: URL, bytes: Buffer): void {
  const path = fileURLToPath(url);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.new`, bytes);
  renameSync(`${path}.new`, path);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
