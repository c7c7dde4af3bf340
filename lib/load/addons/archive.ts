import { gunzipSync } from 'node:zlib';

/** A file of a chart, by its path in it. */
export interface ChartFile {
  readonly path: string;
  readonly data: Buffer;
}

const BLOCK = 512;
const textAt = (block: Buffer, from: number, length: number): string => block.toString('utf8', from, from + length).replace(/\0.*$/s, '');

/** The files of a packed chart (.tgz): ustar, as `helm package` writes it. Throws when it is no such archive. */
export function unpack(archive: Buffer): ChartFile[] {
  const tar = gunzipSync(archive, { maxOutputLength: 1 << 28 });
  const files: ChartFile[] = [];
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + BLOCK);
    const size = Number.parseInt(textAt(header, 124, 12).trim() || '0', 8);
    if (!Number.isSafeInteger(size) || size < 0) throw new Error('it is no tar archive');
    const prefix = textAt(header, 345, 155);
    const isFile = header[156] === 0 || header[156] === 48;
    if (isFile) files.push({ path: `${prefix === '' ? '' : `${prefix}/`}${textAt(header, 0, 100)}`, data: tar.subarray(at + BLOCK, at + BLOCK + size) });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}
