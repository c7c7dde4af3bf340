import { parseDocument } from 'yaml';

import { readOwnYaml } from '../yaml/read.ts';
import { toYaml } from '../yaml/serialize.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { byCodeUnit, canonicalJson, sha256 } from './digest.ts';
import { issueCommand, lockPlace } from './places.ts';
import { isSops, type CertificateLock, type CertificateSpec, type Contents, type KeyLock, type PkiLock, type Sealed } from './plan.ts';
import { isRecord, readFlag, readNumber, readRecord, readRecords, readText, readTexts, type UnknownRecord } from './records.ts';

const API_VERSION = 'kubewright.dev/v1';
const KIND = 'PkiLock';
const HEADER = '# Written by `kubewright pki issue`, never by hand. Private keys in here are sealed to the meta cluster.\n';

export type ParsedLock =
  | { readonly ok: true; readonly lock: PkiLock }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The text of `pki.lock.yaml`. The same lock always has the same text. */
export function serializeLock(lock: PkiLock): string {
  const content = toContent(lock);
  return HEADER + toYaml({ apiVersion: API_VERSION, kind: KIND, digest: digestOf(content), ...content });
}

/** Reads `pki.lock.yaml`; null stands for a file that is not there. */
export function parseLock(text: string | null, cluster: string): ParsedLock {
  if (text === null) return { ok: false, problems: [lockMissing(cluster)] };
  const written = readWritten(text);
  const content = written ?? parseContent(text);
  if (content === null) return torn(cluster, 'The lock is not a YAML document.');
  const { apiVersion, kind, digest, ...rest } = content;
  if (kind === KIND && apiVersion !== API_VERSION) return unknownVersion(cluster, String(apiVersion));
  if (kind !== KIND || (written === null && digest !== digestOf(rest))) return torn(cluster, 'The lock is not as it was written: its digest is that of another content.');
  if (rest['cluster'] !== cluster) return { ok: false, problems: [lockOfAnotherCluster(cluster, String(rest['cluster']))] };
  return readLock(rest, cluster);
}

/** The problem of a cluster for which nothing was issued yet. */
export function lockMissing(cluster: string): Problem {
  const words = problem(cluster, 'pki/lock-missing', `Nothing was issued for ${cluster} yet: there is no lock.`,
    'without certificates no component can start.', `run \`${issueCommand(cluster)}\`, then commit the files it writes.`);
  // A file that is not there has no line to show; the cluster's definition has.
  return { ...words, at: { of: cluster, path: '' } };
}

/** The problem of a lock that was copied from another cluster. */
export function lockOfAnotherCluster(cluster: string, other: string): Problem {
  return problem(cluster, 'pki/lock-of-another-cluster', `The lock beside ${cluster} was issued for ${other}.`,
    'two clusters with the same authorities accept each other\'s users and members.',
    `remove the copied pki.lock.yaml and pki.keystore.age, then run \`${issueCommand(cluster)}\`.`);
}

type LockContent = ReturnType<typeof toContent>;

function toContent(lock: PkiLock) {
  const certificates = lock.certificates.map(({ spec: { name, ...spec }, sealed, ...rest }) =>
    [name, { ...rest, spec: mutable(spec), sealed: sealed === null ? null : mutableSealed(sealed) }] as const);
  const keys = lock.keys.map(({ name, sealed, contents, ...rest }) => [name, { ...rest, ...mutableContents(contents), sealed: mutableSealed(sealed) }] as const);
  return {
    cluster: lock.cluster,
    namespace: lock.namespace,
    sealing: { fingerprint: lock.sealing.fingerprint },
    keystore: { recipients: [...lock.keystore.recipients] },
    certificates: Object.fromEntries(certificates),
    keys: Object.fromEntries(keys),
  };
}

function mutable(spec: Omit<CertificateSpec, 'name'>) {
  const { organizations, usages, dnsNames, ipAddresses, contents, ...rest } = spec;
  return { ...rest, ...mutableContents(contents), organizations: [...organizations], usages: [...usages], dnsNames: [...dnsNames], ipAddresses: [...ipAddresses] };
}

const mutableContents = (contents: Contents | undefined) => (contents === undefined ? {} : { contents: { ...contents } });

const mutableSealed = (sealed: Sealed) => (isSops(sealed) ? { ...sealed, data: { ...sealed.data }, age: sealed.age.map((each) => ({ ...each })) } : { ...sealed });

function digestOf(content: LockContent | UnknownRecord): string {
  return sha256(canonicalJson(content));
}

/** What the digest says is as it was written needs no parser of all YAML; what went wrong with the rest, that parser tells. */
function readWritten(text: string): UnknownRecord | null {
  const content = readOwnYaml(text);
  if (!isRecord(content)) return null;
  const { apiVersion: _apiVersion, kind: _kind, digest, ...rest } = content;
  return digest === sha256(JSON.stringify(rest)) ? content : null; // it was written in the order of its digest
}

function parseContent(text: string): UnknownRecord | null {
  try {
    const document = parseDocument(text, { strict: true, uniqueKeys: true, version: '1.2' });
    const content: unknown = document.errors.length > 0 ? null : document.toJS();
    return isRecord(content) ? content : null;
  } catch {
    return null;
  }
}

function readLock(content: UnknownRecord, cluster: string): ParsedLock {
  try {
    const lock: PkiLock = {
      cluster,
      namespace: readText(content['namespace']),
      sealing: { fingerprint: readText(readRecord(content['sealing'])['fingerprint']) },
      keystore: { recipients: readTexts(readRecord(content['keystore'])['recipients']) },
      certificates: readEntries(content['certificates'], readCertificate),
      keys: readEntries(content['keys'], readKey),
    };
    return { ok: true, lock };
  } catch {
    return torn(cluster, 'The lock lacks something that every lock has.');
  }
}

function readEntries<T>(value: unknown, read: (name: string, entry: UnknownRecord) => T): T[] {
  const entries = Object.entries(readRecord(value)).toSorted(([a], [b]) => byCodeUnit(a, b));
  return entries.map(([name, entry]) => read(name, readRecord(entry)));
}

function readCertificate(name: string, entry: UnknownRecord): CertificateLock {
  return {
    spec: readSpec(name, readRecord(entry['spec'])),
    specDigest: readText(entry['specDigest']),
    serial: readText(entry['serial']),
    notBefore: readText(entry['notBefore']),
    notAfter: readText(entry['notAfter']),
    publicKeyDigest: readText(entry['publicKeyDigest']),
    certificate: readText(entry['certificate']),
    sealed: entry['sealed'] === null ? null : readSealed(entry['sealed']),
  };
}

function readSpec(name: string, spec: UnknownRecord): CertificateSpec {
  return {
    name,
    issuer: spec['issuer'] === null ? null : readText(spec['issuer']),
    commonName: readText(spec['commonName']),
    organizations: readTexts(spec['organizations']),
    usages: readTexts(spec['usages']).map((usage) => (usage === 'serverAuth' ? 'serverAuth' : 'clientAuth')),
    dnsNames: readTexts(spec['dnsNames']),
    ipAddresses: readTexts(spec['ipAddresses']),
    days: readNumber(spec['days']),
    secret: readText(spec['secret']),
    ...(spec['namespace'] === undefined ? {} : { namespace: readText(spec['namespace']) }),
    sealed: readFlag(spec['sealed']),
    ...readContents(spec['contents']),
  };
}

function readKey(name: string, entry: UnknownRecord): KeyLock {
  const rest = { name, ...readContents(entry['contents']), sealed: readSealed(entry['sealed']) };
  return entry['kind'] === 'serviceAccount'
    ? { kind: 'serviceAccount', publicKey: readText(entry['publicKey']), ...rest }
    : { kind: 'encryption', id: readText(entry['id']), ...rest };
}

const readContents = (value: unknown): { contents?: Contents } => (value === undefined ? {} : { contents: readTextsByKey(value) });

const readTextsByKey = (value: unknown): Record<string, string> =>
  Object.fromEntries(Object.entries(readRecord(value)).map(([key, text]) => [key, readText(text)]));

function readSealed(value: unknown): Sealed {
  const sealed = readRecord(value);
  if (sealed['mac'] !== undefined) {
    const { secret, data, age, lastModified, mac } = sealed;
    return { secret: readText(secret), data: readTextsByKey(data), age: readRecords(age).map(readRecipient), lastModified: readText(lastModified), mac: readText(mac) };
  }
  return { secret: readText(sealed['secret']), key: readText(sealed['key']), value: readText(sealed['value']) };
}

const readRecipient = ({ recipient, enc }: UnknownRecord) => ({ recipient: readText(recipient), enc: readText(enc) });

function torn(cluster: string, what: string): ParsedLock {
  return { ok: false, problems: [problem(cluster, 'pki/lock-torn', what,
    'a half-merged or edited lock may pair certificates with keys that are not theirs.',
    `bring pki.lock.yaml back from git, then run \`${issueCommand(cluster)}\`.`)] };
}

function unknownVersion(cluster: string, version: string): ParsedLock {
  return { ok: false, problems: [problem(cluster, 'pki/lock-version',
    `The lock says apiVersion ${version}; this release reads ${API_VERSION}.`, 'its fields may mean something else.',
    `use the release of kubewright that wrote it, or run \`${issueCommand(cluster)}\` with a newer one.`)] };
}

function problem(cluster: string, code: ProblemCode, what: string, why: string, fix: string): Problem {
  return { code, severity: 'error', at: lockPlace(cluster), what, why, fix };
}
