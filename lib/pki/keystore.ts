import { armor, Decrypter, Encrypter } from 'age-encryption';

import type { Problem } from '../problem.ts';
import { byCodeUnit, canonicalJson } from './digest.ts';
import { keystorePlace } from './places.ts';
import { isRecord } from './records.ts';
import { Secret } from './secret.ts';

const API_VERSION = 'kubewright.dev/v1';
const KIND = 'PkiKeystore';
const NO_IDENTITY = 'The identity file holds no age identity (a line that begins with AGE-SECRET-KEY-).';
const OTHER_IDENTITY = 'The keystore is not encrypted to any identity in the identity file.';
const NO_KEYSTORE = 'The keystore opened, but it does not hold the keys of a cluster.';

/** The keys that must be known to issue again: of authorities, of service accounts, of encryption at rest. */
export interface Keystore {
  readonly cluster: string;
  /** By the name of the certificate or key. */
  readonly keys: ReadonlyMap<string, Secret>;
}

export type OpenedKeystore =
  | { readonly ok: true; readonly keystore: Keystore }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * The text of `pki.keystore.age`: readable for these age recipients and nobody else. age brings its own randomness, so
 * the same keystore has another text each time; write it only when its content changed.
 */
export async function encryptKeystore(keystore: Keystore, recipients: readonly string[]): Promise<string> {
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  return armor.encode(await encrypter.encrypt(`${serializeKeystore(keystore).reveal()}\n`));
}

/** Opens `pki.keystore.age` with the text of an age identity file. */
export async function openKeystore(text: string, identityFile: Secret, cluster: string): Promise<OpenedKeystore> {
  const decrypter = new Decrypter();
  const identities = identityLines(identityFile);
  if (identities.length === 0 || !addIdentities(decrypter, identities)) return identityWrong(cluster, NO_IDENTITY);
  try {
    return parseKeystore(await decrypter.decrypt(armor.decode(text), 'text'), cluster);
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no identity matched')) return identityWrong(cluster, OTHER_IDENTITY);
    return torn(cluster, 'The keystore is not a whole age file.');
  }
}

/** Judges the people who may issue: recipients that are none, and the warning when there is nobody. */
export function checkRecipients(cluster: string, recipients: readonly string[]): Problem[] {
  if (recipients.length === 0) return [keystoreNone(cluster)];
  return wrongRecipients(recipients, 'keystore.recipients', 'the keystore');
}

/** Texts that only look like age recipients: a typo breaks their checksum. */
export const wrongRecipients = (recipients: readonly string[], path: string, what: string): Problem[] =>
  recipients.flatMap((recipient, index) => (isRecipient(recipient) ? [] : [recipientInvalid(`${path}[${index}]`, index, what)]));

/** The value is not shown: somebody may have pasted the identity instead. */
function recipientInvalid(path: string, index: number, of: string): Problem {
  return {
    code: 'pki/recipient-invalid', severity: 'error', at: { of: 'fleet', path },
    what: `Recipient ${index + 1} of ${of} is not an age recipient.`,
    why: 'nothing could be encrypted to it.',
    fix: 'write what `age-keygen -y FILE` prints; it begins with age1.',
  };
}

function keystoreNone(cluster: string): Problem {
  return {
    code: 'pki/keystore-none', severity: 'warning', at: { of: 'fleet', path: 'keystore.recipients' },
    what: `The keys of ${cluster}'s authorities are kept nowhere: the fleet names no age recipients.`,
    why: 'no certificate can be added or renewed later without a new authority, which every client has to learn to trust.',
    fix: 'name the age recipients of the people who may issue, before the first certificates are issued.',
  };
}

function isRecipient(recipient: string): boolean {
  try {
    new Encrypter().addRecipient(recipient);
    return true;
  } catch {
    return false;
  }
}

/** Blank lines and comments are skipped, as age-keygen writes them. */
function identityLines(file: Secret): string[] {
  return file.reveal().split(/\r?\n/).map((line) => line.trim()).filter((line) => line.startsWith('AGE-SECRET-KEY-'));
}

function addIdentities(decrypter: Decrypter, identities: readonly string[]): boolean {
  try {
    for (const identity of identities) decrypter.addIdentity(identity);
    return true;
  } catch {
    return false; // The library's message may quote the line.
  }
}

function serializeKeystore(keystore: Keystore): Secret {
  const keys = [...keystore.keys].toSorted(([a], [b]) => byCodeUnit(a, b)).map(([name, key]) => [name, key.reveal()]);
  return new Secret(canonicalJson({ apiVersion: API_VERSION, kind: KIND, cluster: keystore.cluster, keys: Object.fromEntries(keys) }));
}

function parseKeystore(text: string, cluster: string): OpenedKeystore {
  const content = parseJson(text);
  if (!isRecord(content) || content['apiVersion'] !== API_VERSION || content['kind'] !== KIND) return torn(cluster, NO_KEYSTORE);
  if (content['cluster'] !== cluster) return torn(cluster, `The keystore holds the keys of ${String(content['cluster'])}.`);
  const keys = isRecord(content['keys']) ? Object.entries(content['keys']) : [];
  const texts = keys.flatMap(([name, key]): [string, Secret][] => (typeof key === 'string' ? [[name, new Secret(key)]] : []));
  return { ok: true, keystore: { cluster, keys: new Map(texts) } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null; // The message of JSON.parse quotes the text.
  }
}


function identityWrong(cluster: string, what: string): OpenedKeystore {
  return { ok: false, problems: [{
    code: 'pki/identity-wrong', severity: 'error', at: keystorePlace(cluster), what,
    why: 'the keys of the authorities stay closed, and nothing can be signed with them.',
    fix: 'pass `--identity FILE` with the file of somebody whom fleet.keystore.recipients names.',
  }] };
}

function torn(cluster: string, what: string): OpenedKeystore {
  return { ok: false, problems: [{
    code: 'pki/keystore-torn', severity: 'error', at: keystorePlace(cluster), what,
    why: 'the keys of the authorities cannot be read, and nothing can be signed with them.',
    fix: 'bring the file back from git, then run the command again.',
  }] };
}
