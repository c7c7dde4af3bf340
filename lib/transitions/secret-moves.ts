import { isCovered } from '../model/encrypted.ts';
import { error, wordsOf } from '../validate/say.ts';
import { changeOf, listAt, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';

/** One who no longer opens secrets takes with them what it made of them, after the other has written them anew. */
export const sealingStays: MoveRule = (move) => {
  const [was, is] = [move.before, move.after].map((side) => (valueAt(side, 'delivery.flux.decryption') == null ? 'the Sealed Secrets controller' : 'Flux with SOPS'));
  return was === is ? [] : [error('transition/sealing', 'fleet', 'sealing', {
    what: `secrets of ${move.name} were opened by ${was} and would be opened by ${is}.`,
    why: 'both make Secrets of the same names: what the one made goes with it, and whatever of the control plane starts then finds none.',
    fix: `bring sealing back as it was. ${unlessApplied(move)}`,
  })];
};

const UNREADABLE = 'what is stored encrypted could not be read any more, and the API server would fail on it.';

/** Whatever was stored stays as it was written until it is written again. */
export const encryptionReads: MoveRule = (move) => {
  const [was, is] = [valueAt(move.before, 'encryption.provider'), valueAt(move.after, 'encryption.provider')];
  if (was === undefined || was === 'none' || hasWrittenNothing(move)) return [];
  const fixed = was === is ? 'encryption.kms.name' : 'encryption.provider';
  const change = changeOf(move, fixed);
  const dropped = was === is ? listAt(move.before, 'encryption.resources').map(String).filter((resource) => !isCovered(resource, listAt(move.after, 'encryption.resources'))) : [];
  return [
    ...(change === null ? [] : [error('transition/encryption', move.of, fixed, {
      what: `${fixed} was ${told(change.was)} and is ${told(change.is)} now.`, why: UNREADABLE, fix: `write ${told(change.was)} again. ${unlessApplied(move)}`,
    })]),
    ...(dropped.length === 0 ? [] : [error('transition/encryption', move.of, 'encryption.resources', {
      what: `encryption.resources no longer has ${dropped.join(', ')}.`, why: UNREADABLE, fix: `add ${dropped.join(', ')} again. ${unlessApplied(move)}`,
    })]),
  ];
};

/** Encryption is prepared, and no API server was ever told to write so. */
const hasWrittenNothing = ({ before }: Pick<Move, 'before'>): boolean => valueAt(before, 'encryption.readable') !== undefined && listAt(before, 'encryption.resources').length === 0;

/**
 * API servers learn what is encrypted one after another, when they are replaced or when they read the file again. First all
 * of them must be able to read what then the first of them writes: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
 */
export const encryptionBegins: MoveRule = (move) => {
  const stored = listAt(move.before, 'encryption.resources').map(String);
  const isSameKey = ['encryption.provider', 'encryption.kms.name'].every((path) => changeOf(move, path) === null);
  if (valueAt(move.before, 'encryption.provider') === undefined || !areSeveral(move) || (stored.length > 0 && !isSameKey)) return [];
  const known = isSameKey ? [...stored, ...listAt(move.before, 'encryption.readable')] : [];
  const wanted = listAt(move.after, 'encryption.resources').map(String);
  const unknown = wanted.filter((resource) => !isCovered(resource, known));
  return unknown.length === 0 ? [] : [error('transition/encryption', move.of, 'encryption.resources', {
    what: `${wordsOf(unknown)} would be written encrypted before every API server can read that.`,
    why: 'they learn of it one after another, and those that do not know the key yet fail on every list and watch of what others have encrypted.',
    fix: `${wayTo(move, stored, unknown)} ${unlessApplied(move)}`,
  })];
};

/** Two commits. A KMS plugin stands in the configuration once, so that with one nothing can be prepared beside what it encrypts. */
function wayTo({ after }: Move, stored: readonly string[], unknown: readonly string[]): string {
  const provider = told(valueAt(after, 'encryption.provider'));
  if (provider === 'kms' && stored.length > 0) return 'make this change while no API server runs: with state: \'hibernated\' in this commit, and state: \'running\' in the next one.';
  const list = (name: string, resources: readonly string[]): string[] => (resources.length === 0 ? [] : [`${name}: [${resources.map((resource) => `'${resource}'`).join(', ')}]`]);
  const fields = [`provider: '${provider}'`, ...list('resources', stored), ...list('readable', unknown), ...(provider === 'kms' ? ['kms: …'] : [])];
  return `write encryption: { ${fields.join(', ')} } in this commit, and all of them in resources in the next one, when every API server has had this one for some minutes.`;
}

const countOf = (resolved: unknown): number =>
  Math.max(...['replicas', 'autoscale.max'].map((path) => Number(valueAt(resolved, `components.apiserver.${path}`) ?? 0)));

/** Whether API servers of before and after run beside each other, more than the one that is replaced. */
function areSeveral({ before, after }: Move): boolean {
  const counts = [before, after].map(countOf);
  return Math.max(...counts) > 1 && !counts.includes(0);
}
