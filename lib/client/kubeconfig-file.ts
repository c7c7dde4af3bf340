import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { parseDocument } from 'yaml';
import { isRecord, type UnknownRecord } from '../pki/records.ts';
import { Secret } from '../pki/secret.ts';
import type { Problem } from '../problem.ts';
import type { ApiAccess } from './access.ts';

export type ReadAccess = { readonly ok: true; readonly access: ApiAccess } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a kubeconfig's current context: server, authority, and a client certificate or a token. */
export function readKubeconfig(path: string): ReadAccess {
  const file = resolve(path);
  try {
    return { ok: true, access: accessOf(parse(readText(file, '')), file) };
  } catch (cause) {
    if (cause instanceof Unusable) return { ok: false, problems: [unusable(file, cause)] };
    throw cause;
  }
}

/** Why a kubeconfig cannot be used. Every reader throws it, and the one caller above turns it into a problem. */
class Unusable extends Error {
  readonly path: string;

  constructor(path: string, what: string) {
    super(what);
    this.path = path;
  }
}

function unusable(file: string, { path, message }: Unusable): Problem {
  return {
    code: 'api/kubeconfig', severity: 'error', at: { of: file, path }, what: message,
    why: 'without it there is no way to the cluster\'s API.',
    fix: 'pass a kubeconfig that holds a client certificate or a token; `kubewright pki kubeconfig` makes one.',
  };
}

/** Texts of the author are not quoted here: any of them may be a secret. */
function parse(text: string): UnknownRecord {
  const document = parseDocument(text, { strict: true, uniqueKeys: true });
  const content: unknown = document.errors.length > 0 ? null : toPlain(document);
  if (!isRecord(content) || content['kind'] !== 'Config') throw new Unusable('', 'The file is not a kubeconfig.');
  return content;
}

function toPlain(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS();
  } catch {
    return null; // Aliases without end.
  }
}

function accessOf(config: UnknownRecord, file: string): ApiAccess {
  const context = named(config, 'contexts', 'context', fieldOf(config, 'current-context'));
  if (context === null) throw new Unusable('current-context', 'The kubeconfig says of no context that it is the current one.');
  const cluster = named(config, 'clusters', 'cluster', fieldOf(context, 'cluster'));
  const user = named(config, 'users', 'user', fieldOf(context, 'user'));
  if (cluster === null) throw new Unusable('clusters', 'The kubeconfig does not have the cluster of its current context.');
  if (user === null) throw new Unusable('users', 'The kubeconfig does not have the user of its current context.');
  refuseOthers(cluster, 'clusters', { 'proxy-url': 'asks for a proxy' });
  refuseOthers(user, 'users', NOT_OURS);
  const certificate = certificateOf(user, file);
  const token = tokenOf(user, file);
  if (certificate === null && token === null) throw new Unusable('users', 'The user of the current context has neither a client certificate nor a token.');
  return { file, server: serverOf(cluster), serverName: fieldOf(cluster, 'tls-server-name'), authorities: textOf(cluster, 'certificate-authority', file), certificate, token };
}

/** What would be silently left out, were it not refused. */
const NOT_OURS = {
  exec: 'is told by a program, and none is run here',
  'auth-provider': 'is told by a plugin, and none is run here',
  username: 'has a password, which API servers no longer take',
  as: 'acts as somebody else',
} as const;

function refuseOthers(entry: UnknownRecord, path: string, fields: Readonly<Record<string, string>>): void {
  const [found] = Object.entries(fields).filter(([field]) => (entry[field] ?? null) !== null);
  if (found !== undefined) throw new Unusable(`${path}: ${found[0]}`, `What the current context names in ${path} ${found[1]}.`);
}

/** The entry of this name in one of the three lists. */
function named(config: UnknownRecord, list: string, key: string, name: string | null): UnknownRecord | null {
  const entries = config[list];
  const found: unknown = Array.isArray(entries) ? entries.find((entry: unknown) => isRecord(entry) && entry['name'] === name) : undefined;
  const entry = isRecord(found) ? found[key] : undefined;
  return name !== null && isRecord(entry) ? entry : null;
}

const fieldOf = (entry: UnknownRecord, field: string): string | null => {
  const value = entry[field];
  return typeof value === 'string' && value !== '' ? value : null;
};

function serverOf(cluster: UnknownRecord): URL {
  const text = fieldOf(cluster, 'server') ?? '';
  if (!URL.canParse(text) || !text.startsWith('https://')) throw new Unusable('clusters: server', 'The server of the current context is no https URL.');
  return new URL(text);
}

/** Like kubectl: data in the kubeconfig comes before a file, whose path is meant from the kubeconfig's folder. */
function textOf(entry: UnknownRecord, field: string, file: string): string | null {
  const data = fieldOf(entry, `${field}-data`);
  if (data !== null) return Buffer.from(data, 'base64').toString();
  const path = fieldOf(entry, field);
  return path === null ? null : readText(resolve(dirname(file), path), field);
}

function readText(path: string, field: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Unusable(field, `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}

function certificateOf(user: UnknownRecord, file: string): ApiAccess['certificate'] {
  const pem = textOf(user, 'client-certificate', file);
  const key = textOf(user, 'client-key', file);
  if (pem === null || key === null) return null;
  try {
    createSecureContext({ cert: pem, key });
  } catch {
    throw new Unusable('users: client-certificate', 'The client certificate of the current context\'s user and its key are not a pair.');
  }
  return { pem, key: new Secret(key) };
}

/** Like kubectl: the file comes before the token that stands beside it. */
function tokenOf(user: UnknownRecord, file: string): Secret | null {
  const path = fieldOf(user, 'tokenFile');
  const text = path === null ? fieldOf(user, 'token') : readText(resolve(dirname(file), path), 'tokenFile').trim();
  if (text !== null && !/^[!-~]+$/.test(text)) throw new Unusable('users: token', 'The token of the current context\'s user is no token.');
  return text === null ? null : new Secret(text);
}
