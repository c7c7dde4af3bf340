import { found, type Finding } from '../finding.ts';
import type { CheckedManifest, Scope } from '../scope.ts';

/** No object is written twice for one API server. */
export function checkIdentities({ manifests }: Scope): Finding[] {
  const first = new Map<string, CheckedManifest>();
  return manifests.flatMap((item) => {
    const other = first.get(item.key);
    if (other === undefined) first.set(item.key, item);
    return other === undefined ? [] : [duplicateOf(other, item)];
  });
}

function duplicateOf({ source, part }: CheckedManifest, item: CheckedManifest): Finding {
  return found('manifest/duplicate', item, '', `is written twice: in ${item.part.folder}, and by ${source || part.folder} in ${part.folder}`);
}
