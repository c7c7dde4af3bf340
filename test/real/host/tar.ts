import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** One entry of an archive. */
export type TarEntry =
  | { readonly path: string; readonly file: string }
  | { readonly path: string; readonly text: string }
  | { readonly path: string; readonly link: string }
  | { readonly path: string; readonly bytes: Buffer };

const BLOCK = 512;
const TYPES = { file: '0', link: '2' } as const;

/** An archive in USTAR form: the same entries always give the same bytes. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(blocksOf), Buffer.alloc(2 * BLOCK)]);
}

/** Writes a file that is there as a whole, or not at all. */
export function writeWhole(file: string, content: Buffer): void {
  try {
    writeFileSync(`${file}.new`, content);
    renameSync(`${file}.new`, file);
  } catch (problem) {
    rmSync(`${file}.new`, { force: true });
    throw new Error(`${file} was not written, and nothing of it is left.`, { cause: problem });
  }
}

/** SHA-256 in hexadecimal. */
export const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

function blocksOf(entry: TarEntry): Buffer[] {
  if ('link' in entry) return [headerOf(entry.path, 0, TYPES.link, entry.link)];
  const content = contentOf(entry);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  return [headerOf(entry.path, content.length, TYPES.file, ''), content, padding];
}

function contentOf(entry: Exclude<TarEntry, { link: string }>): Buffer {
  if ('file' in entry) return readFileSync(entry.file);
  return 'bytes' in entry ? entry.bytes : Buffer.from(entry.text);
}

/** Owned by root, readable and executable by all, made at the beginning of time. */
function headerOf(path: string, size: number, type: string, link: string): Buffer {
  if (path.length > 100 || link.length > 100) throw new Error(`${path} is too long a name for an archive of ours`);
  const header = Buffer.alloc(BLOCK);
  const field = (offset: number, text: string): void => void header.write(text, offset);
  field(0, path);
  field(100, '0000755\0');
  field(108, '0000000\0');
  field(116, '0000000\0');
  field(124, `${size.toString(8).padStart(11, '0')}\0`);
  field(136, '00000000000\0');
  field(148, ' '.repeat(8));
  field(156, type);
  field(157, link);
  field(257, 'ustar\u000000');
  field(148, `${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `);
  return header;
}
