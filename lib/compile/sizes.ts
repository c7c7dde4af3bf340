import type { FileSpec } from '../model/manifest.ts';
import type { Problem } from '../problem.ts';
import { ARGOCD_READS } from '../validate/conflicts.ts';

/** Folders that hold more than Argo CD reads as one Application. */
export function oversized(of: string, folders: readonly string[], files: readonly FileSpec[]): Problem[] {
  return folders.flatMap((folder) => {
    const bytes = bytesBelow(folder, files);
    return bytes <= ARGOCD_READS ? [] : [{
      code: 'delivery/too-large', severity: 'error', at: { of, path: 'delivery' },
      what: `dist/${folder} holds ${bytes} bytes of manifests, and Argo CD takes at most ${ARGOCD_READS} in one Application.`,
      why: 'it would apply nothing of them.',
      fix: 'leave out of the add-ons what no cluster needs, such as definitions of kinds that nobody uses.',
    } satisfies Problem];
  });
}

/** Bytes of the files in a folder and below it. */
export const bytesBelow = (folder: string, files: readonly FileSpec[]): number =>
  files.filter(({ path }) => path.startsWith(`${folder}/`)).reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
