import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { indexPath, readIndex } from '../../lib/emit/index-file.ts';
import type { OwnerFiles } from '../../lib/emit/survey.ts';
import { writeDist } from '../../lib/emit/write.ts';
import { faultyDisk, releaseLock, Stopped } from '../emit/trees.ts';
import { built, fleetOfMetas, MIRRORED, treeOf } from './metas.ts';

/** An owner's files as `dist/` has them. */
function ownerAt(root: string, owner: string): OwnerFiles {
  const textOf = (path: string): string => readFileSync(join(root, 'dist', path), 'utf8');
  const reading = readIndex(textOf(indexPath(owner)));
  if (!reading.ok) throw new Error(reading.reason);
  return { owner, files: [...reading.index.keys()].map((path) => ({ path, text: textOf(path) })) };
}

/** A build that dies at the first change of `dist/`, when its journal has been written. */
async function dieDecided(root: string, wanted: OwnerFiles): Promise<void> {
  for (let at = 1; !existsSync(join(root, '.kubewright/journal.json')); at++) {
    if (at > 1000) throw new Error('a build with so few files has fewer changes');
    await writeDist(root, [wanted], { disk: faultyDisk('stops', at).disk }).catch((cause: unknown) => {
      if (!(cause instanceof Stopped)) throw cause;
    });
    releaseLock(root);
  }
}

test('after a build that was killed, an edit that was taken back is not in dist/', async () => {
  const [root, edited] = [fleetOfMetas(2), fleetOfMetas(2, MIRRORED)];
  await built(root);
  await built(edited);
  const tree = treeOf(root);
  await dieDecided(root, ownerAt(edited, 'meta-0'));
  expect((await built(root)).compiled).toBe(1);
  expect(treeOf(root)).toEqual(tree);
});
