import { error } from '../validate/say.ts';
import { changeOf, listAt, told, unlessApplied, valueAt, type MoveRule } from './move.ts';

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
  if (was === undefined || was === 'none') return [];
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

/** A resource is named by itself, or by the pattern of its group: `*.apps`, `*.` for the core, `*.*` for all. */
function isCovered(resource: string, resources: readonly unknown[]): boolean {
  const group = resource.includes('.') ? resource.slice(resource.indexOf('.')) : '.';
  return [resource, `*${group}`, '*.*'].some((pattern) => resources.includes(pattern));
}
