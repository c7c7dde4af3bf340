import type { FileSpec } from '../model/manifest.ts';
import type { Problem } from '../problem.ts';

/** Argo CD's own limit for one Application that is a folder (`reposerver.max.combined.directory.manifests.size`). */
const MOST = 10_000_000;

/** Folders that hold more than Argo CD reads as one Application. */
export function oversized(of: string, folders: readonly string[], files: readonly FileSpec[]): Problem[] {
  return folders.flatMap((folder) => {
    const bytes = files.filter(({ path }) => path.startsWith(`${folder}/`)).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    return bytes <= MOST ? [] : [{
      code: 'delivery/too-large', severity: 'error', at: { of, path: 'delivery' },
      what: `dist/${folder} holds ${bytes} bytes of manifests, and Argo CD takes at most ${MOST} in one Application.`,
      why: 'it would apply nothing of them.',
      fix: 'leave out of the add-ons what no cluster needs, such as definitions of kinds that nobody uses.',
    } satisfies Problem];
  });
}
