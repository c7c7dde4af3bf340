import type { OwnerFiles } from '../../lib/emit/survey.ts';

/** A fleet of 12 owners with 15 files each. The two kinds share some files, differ in others, and each has some of its own. */
export function fleetOf(kind: 'old' | 'new'): readonly OwnerFiles[] {
  return Array.from({ length: 12 }, (_, i) => ({
    owner: `cluster-${i}`,
    files: Array.from({ length: 15 }, (_, j) => ({ path: pathOf(kind, i, j), text: j % 3 === 0 ? 'same\n' : `${kind} ${i} ${j}\n`.repeat(200) })),
  }));
}

function pathOf(kind: string, owner: number, file: number): string {
  const folder = file % 3 === 2 ? `only-${kind}` : 'both';
  return `meta/cluster-${owner}/${folder}/part-${file % 4}/file-${file}.yaml`;
}
