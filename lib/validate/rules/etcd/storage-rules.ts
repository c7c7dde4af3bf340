import type { Problem } from '../../../problem.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error } from '../../say.ts';

/** Storage classes of a cluster. */
export const STORAGE_RULES: readonly ClusterRule[] = [namesDiffer, oneDefault, defaultIsUsed];

function namesDiffer(...[{ name, storageClasses = [] }]: Parameters<ClusterRule>): Problem[] {
  return repeatsOf(storageClasses.map((storageClass) => storageClass.name)).map(({ index, first, value }) => error('storage/duplicate', name, `storageClasses[${index}].name`, {
    what: `storage class ${value} stands twice; the first is storageClasses[${first}].`,
    why: 'two manifests would want one object.',
    fix: 'choose another name, or remove one of them.',
  }));
}

/** Those that are marked as default, by their indexes. */
const defaultsOf = ({ storageClasses = [] }: Parameters<ClusterRule>[0]): number[] =>
  storageClasses.flatMap((storageClass, index) => (storageClass.default === true ? [index] : []));

function oneDefault(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const [first, ...others] = defaultsOf(cluster);
  return others.map((index) => error('storage/two-defaults', cluster.name, `storageClasses[${index}].default`, {
    what: `storage class ${cluster.storageClasses?.[index]?.name} is a default, as storageClasses[${first}] is.`,
    why: 'claims that name no class would get whichever was made last.',
    fix: 'leave default with one of them.',
  }));
}

function defaultIsUsed(...[cluster]: Parameters<ClusterRule>): Problem[] {
  if (cluster.admission?.disable?.includes('DefaultStorageClass') !== true) return [];
  return defaultsOf(cluster).map((index) => error('storage/default-unused', cluster.name, `storageClasses[${index}].default`, {
    what: `storage class ${cluster.storageClasses?.[index]?.name} is the default, and admission.disable has DefaultStorageClass.`,
    why: 'without that plugin nobody gives a class to a claim that names none, and its Pod waits for ever.',
    fix: 'remove DefaultStorageClass from admission.disable, or default from the class.',
  }));
}
