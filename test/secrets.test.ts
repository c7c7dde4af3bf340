import { createHash, createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { compileFleet, containersOf, readBack, templateOf, type ReadBack } from './support/compiled.ts';
import { fleetWithOwnKeys } from './support/compiled.ts';
import { SEALING } from './support/fleets.ts';
import { prepare } from './support/folders.ts';
import { unrepeatedEntropy, unseal, unsealWithForge } from './support/pki.ts';

interface SealedSecret {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly encryptedData: Readonly<Record<string, string>>; readonly template: { readonly type: string; readonly data?: Readonly<Record<string, string>> } };
}

interface Secret {
  readonly cluster: string;
  readonly name: string;
  readonly type: string;
  readonly data: Readonly<Record<string, string>>;
  /** Keys that came sealed. */
  readonly opened: readonly string[];
}

let manifests: ReadonlyMap<string, readonly ReadBack[]>;
let secrets: readonly Secret[];

prepare(async (ends) => {
  const entropy = unrepeatedEntropy('a fleet');
  const compiled = compileFleet(await fleetWithOwnKeys(ends, undefined, () => entropy));
  manifests = new Map([...compiled].map(([owner, one]) => [owner, readBack(one)]));
  secrets = [...manifests].flatMap(([cluster, all]) => all.filter(({ manifest }) => manifest.kind === 'SealedSecret').map(({ manifest }) => openSecret(cluster, manifest as unknown as SealedSecret)));
}, 120_000);

/** What the Sealed Secrets controller makes: every value opened under its name, then the template run over them. */
function openSecret(cluster: string, { metadata: { name, namespace }, spec }: SealedSecret): Secret {
  const sealed = Object.entries(spec.encryptedData).map(([key, value]) => [key, { secret: name, key, value }] as const);
  const opened = Object.fromEntries(sealed.map(([key, value]) => [key, unseal(SEALING.privateKeyPem, namespace, value)]));
  for (const [key, value] of sealed) expect(unsealWithForge(SEALING.privateKeyPem, namespace, value)).toBe(opened[key]);
  for (const [, value] of sealed) expect(() => unseal(SEALING.privateKeyPem, `${namespace}-2`, value), 'sealed for one namespace').toThrow();
  const rendered = Object.entries(spec.template.data ?? {}).map(([key, text]) => [key, runTemplate(text, opened)] as const);
  return { cluster, name, type: spec.template.type, data: { ...opened, ...Object.fromEntries(rendered) }, opened: Object.keys(opened) };
}

/** The two actions of Go's text/template that our templates use; anything else in braces is a mistake. */
function runTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(.*?)\}\}/gs, (action, body: string) => {
    const [, key = '', encoded] = /^ index \. "([^"]+)"( \| b64enc)? $/.exec(body) ?? [];
    const value = values[key];
    if (value === undefined) throw new Error(`the template says ${action}, and there is ${Object.keys(values).join(', ')}`);
    return encoded === undefined ? value : Buffer.from(value).toString('base64');
  });
}

const text = (data: string): string => Buffer.from(data, 'base64').toString();
const digestOf = (key: KeyObject): string => createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex');
/** What tells a key from every other: of a pair its public half, of any other key itself. */
const identityOf = (key: string): string => (key.includes('PRIVATE KEY') ? digestOf(createPublicKey(key)) : key);
const repeated = (all: readonly { readonly of: string; readonly identity: string }[]): string[] =>
  all.filter(({ identity }, index) => all.findIndex((other) => other.identity === identity) !== index).map(({ of }) => of);
const fits = (certificate: string, key: string): boolean => new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));

describe('Secrets as the controller makes them', () => {
  test('there are as many as the fleet needs, and none is empty', () => {
    expect(secrets.length).toBeGreaterThan(80);
    for (const { name, opened, data } of secrets) {
      expect(opened.length, name).toBeGreaterThan(0);
      expect(Object.entries(data).filter(([, value]) => value === '' || value.includes('{{'))).toEqual([]);
    }
  });

  test('a certificate comes with its key', () => {
    const pairs = secrets.filter(({ data }) => data['tls.crt'] !== undefined);
    expect(pairs.length).toBeGreaterThan(70);
    for (const { cluster, name, data } of pairs) expect(fits(data['tls.crt'] ?? '', data['tls.key'] ?? ''), `${cluster}: ${name}`).toBe(true);
    for (const { type, data } of secrets.filter((secret) => secret.type === 'kubernetes.io/tls')) expect(Object.keys(data).sort(), type).toEqual(['tls.crt', 'tls.key']);
  });

  test('every kubeconfig is whole: it trusts the server, and its client certificate fits its key', () => {
    const kubeconfigs = secrets.filter(({ name }) => name.endsWith('-kubeconfig'));
    expect(kubeconfigs.map(({ cluster, name }) => `${cluster}/${name}`)).toEqual(expect.arrayContaining(['payments-prod/user-on-call-kubeconfig', 'sandbox/admin-kubeconfig', 'batch/super-admin-kubeconfig']));
    for (const { cluster, name, data } of kubeconfigs) {
      const config = parse(data['kubeconfig'] ?? '') as {
        'current-context': string; clusters: { name: string; cluster: Record<string, string> }[];
        contexts: { name: string; context: { cluster: string; user: string } }[]; users: { name: string; user: Record<string, string> }[];
      };
      const context = config.contexts.find((one) => one.name === config['current-context'])?.context;
      const server = config.clusters.find((one) => one.name === context?.cluster)?.cluster ?? {};
      const client = config.users.find((one) => one.name === context?.user)?.user ?? {};
      const trusted = new X509Certificate(text(server['certificate-authority-data'] ?? ''));
      const serving = new X509Certificate(secrets.find((one) => one.cluster === cluster && one.name === 'apiserver')?.data['tls.crt'] ?? '');
      expect(serving.verify(trusted.publicKey), name).toBe(true);
      expect(serving.checkHost(new URL(server['server'] ?? '').hostname), name).toBeDefined();
      expect(fits(text(client['client-certificate-data'] ?? ''), text(client['client-key-data'] ?? '')), name).toBe(true);
      expect(new X509Certificate(text(client['client-certificate-data'] ?? '')).subject).toContain(`CN=${context?.user}`);
    }
  });

  test('the key of service accounts fits what tokens are verified with', () => {
    for (const { cluster, data } of secrets.filter(({ name }) => name === 'service-account')) {
      const derived = createPublicKey(data['sa.key'] ?? '').export({ type: 'spki', format: 'pem' });
      expect(createPublicKey(data['sa.pub'] ?? '').export({ type: 'spki', format: 'pem' }), cluster).toBe(derived);
    }
  });

  test('encryption.yaml has a key of 32 bytes, first of its providers', () => {
    const found = secrets.filter(({ data }) => data['encryption.yaml'] !== undefined);
    expect(found.map(({ cluster }) => cluster).sort()).toEqual(['payments-prod', 'sandbox', 'search-prod']);
    for (const { data } of found) {
      const { resources } = parse(data['encryption.yaml'] ?? '') as { resources: { providers: Record<string, { keys?: { secret: string }[] }>[] }[] };
      const [first, last] = resources[0]?.providers ?? [];
      const [provider = {}] = Object.values(first ?? {});
      expect(provider.keys?.map(({ secret }) => Buffer.from(secret, 'base64').length)).toEqual([32]);
      expect(last).toEqual({ identity: {} });
    }
  });

  test('no two clusters share a key, and no two Secrets of one do', () => {
    const keys = secrets.flatMap(({ cluster, name, opened, data }) => opened.map((key) => ({ of: `${cluster}: ${name}`, key, identity: identityOf(data[key] ?? '') })));
    const withKey = (name: string): number => keys.filter(({ key }) => key === name).length;
    expect(keys.length).toBe(withKey('tls.key') + withKey('sa.key') + withKey('key1'));
    expect([withKey('sa.key'), withKey('key1')]).toEqual([5, 3]);
    expect(withKey('tls.key')).toBeGreaterThan(70);
    expect(repeated(keys)).toEqual([]);
  });

  test('no two clusters trust one authority', () => {
    const bundles = [...manifests].flatMap(([cluster, all]) => all.filter(({ manifest: { kind, metadata } }) => kind === 'ConfigMap' && metadata.name === 'trust')
      .flatMap(({ manifest }) => Object.entries(manifest['data'] as Readonly<Record<string, string>>).map(([file, pem]) => ({ of: `${cluster}: ${file}`, identity: digestOf(new X509Certificate(pem).publicKey) }))));
    expect(new Set(bundles.map(({ of }) => of.split(':')[0])).size).toBe(5);
    expect(bundles.length).toBeGreaterThan(20);
    expect(repeated(bundles)).toEqual([]);
  });
});

test('every file below /etc/kubernetes/pki that a program is told of is in the Secret that is mounted there', () => {
  let files = 0;
  for (const [cluster, all] of manifests) {
    const configured = new Map(all.filter(({ manifest }) => manifest.kind === 'ConfigMap').map(({ manifest, text: yaml }) => [manifest.metadata.name, yaml]));
    for (const { manifest, text: yaml } of all) {
      const template = templateOf(manifest);
      if (template === null) continue;
      const volumes = template.spec.volumes ?? [];
      const said = `${yaml}\n${volumes.map((volume) => configured.get((volume as { configMap?: { name: string } }).configMap?.name ?? '') ?? '').join('\n')}`;
      const mounts = containersOf(template).flatMap(({ volumeMounts = [] }) => volumeMounts);
      for (const [, folder, file = ''] of said.matchAll(/(\/etc\/kubernetes\/pki\/[a-z0-9-]+)\/([\w.-]+)/g)) {
        const volume = volumes.find(({ name }) => name === mounts.find(({ mountPath }) => mountPath === folder)?.name);
        const name = volume?.secret?.secretName;
        expect(volume, `${cluster}: ${manifest.metadata.name} mounts ${folder}`).toBeDefined();
        const secret = secrets.find((one) => one.cluster === cluster && one.name === name);
        // Secrets of the author, and the ConfigMap of a KMS plugin, are not sealed.
        if (secret === undefined) continue;
        expect(Object.keys(secret.data), `${cluster}: ${manifest.metadata.name} reads ${folder}/${file}`).toContain(file);
        files += 1;
      }
    }
  }
  expect(files).toBeGreaterThan(100);
});
