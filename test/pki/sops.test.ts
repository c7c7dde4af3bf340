import { createPrivateKey, X509Certificate } from 'node:crypto';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { ClusterDefinition, Delivery } from '../../lib/model/definition.ts';
import { planOf } from '../../lib/pki/certificates.ts';
import { checkLock } from '../../lib/pki/coverage.ts';
import { parseLock, serializeLock } from '../../lib/pki/lock.ts';
import { certificateOf, isSops, keyOf, type PkiLock, type Sealed, type SopsSecret } from '../../lib/pki/plan.ts';
import { ageRecipients } from '../../lib/pki/sealing.ts';
import { metaView, resolve } from '../../lib/resolve/resolve.ts';
import { seededEntropy } from '../support/pki.ts';
import { openSops } from '../support/sops.ts';
import { cluster, meta } from '../validate/definitions.ts';
import { issue, names } from './fixtures.ts';

const [FLUX, PERSON, STRANGER] = [await generateIdentity(), await generateIdentity(), await generateIdentity()];
const sealing = ageRecipients([await identityToRecipient(FLUX), await identityToRecipient(PERSON)]);
const delivery: Delivery = { tool: 'flux', repository: 'https://git.example.com/clusters.git', branch: 'main', flux: { decryption: 'sops-age' } };
const planFor = (change: Partial<ClusterDefinition> = {}) => planOf(resolve(cluster({ encryption: { provider: 'secretbox' }, users: [{ name: 'ann', groups: ['staff'] }], ...change }), { meta: metaView(meta()), images: undefined, delivery }));

const PLAN = planFor();
const { lock: LOCK, keystore: KEYSTORE } = await issue(PLAN, null, null, { sealing });
const again = (plan = PLAN, lock: PkiLock = LOCK, change = {}) => issue(plan, lock, KEYSTORE, { sealing, entropy: seededEntropy('second'), ...change });

function whole(sealed: Sealed | null): SopsSecret {
  if (sealed === null || !isSops(sealed)) throw new Error('not a whole Secret');
  return sealed;
}

const opened = (name: string, identity = FLUX, lock = LOCK) => openSops(whole(certificateOf(lock, name).sealed), identity);

test('every Secret opens for each recipient, and holds a certificate with the key that fits it', async () => {
  for (const { spec: { name, secret }, certificate, sealed } of LOCK.certificates.filter((each) => each.sealed !== null && each.spec.namespace === undefined)) {
    const values = await openSops(whole(sealed), PERSON);
    expect([...values.keys()]).toEqual(secret.endsWith('-kubeconfig') ? ['kubeconfig', 'tls.crt', 'tls.key'] : ['tls.crt', 'tls.key']);
    expect(values.get('tls.crt')).toBe(certificate);
    expect(new X509Certificate(certificate).checkPrivateKey(createPrivateKey(values.get('tls.key') ?? '')), name).toBe(true);
  }
});

test.for([
  { name: 'flux', key: 'value', server: 'https://apiserver.cp-prod.svc.cluster.local:6443', user: 'kubewright:flux' },
  { name: 'user-ann', key: 'kubeconfig', server: 'https://api.prod.example.com:6443', user: 'ann' },
])('the kubeconfig of $name is whole', async ({ name, key, server, user }) => {
  const { clusters, users } = parse((await opened(name)).get(key) ?? '') as { clusters: [{ cluster: Record<string, string> }]; users: [{ name: string; user: Record<string, string> }] };
  const decoded = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString();
  expect([clusters[0].cluster['server'], users[0].name]).toEqual([server, user]);
  expect(decoded(clusters[0].cluster['certificate-authority-data'])).toBe(certificateOf(LOCK, 'server-ca').certificate);
  const shown = new X509Certificate(decoded(users[0].user['client-certificate-data']));
  expect(shown.checkPrivateKey(createPrivateKey(decoded(users[0].user['client-key-data'])))).toBe(true);
});

test('keys without certificates come as the files that mount them', async () => {
  const encryption = await openSops(whole(keyOf(LOCK, 'key1').sealed), FLUX);
  const key = KEYSTORE?.keys.get('key1')?.reveal();
  expect(parse(encryption.get('encryption.yaml') ?? '')).toMatchObject({ kind: 'EncryptionConfiguration', resources: [{ providers: [{ secretbox: { keys: [{ name: 'key1', secret: key }] } }, { identity: {} }] }] });
  const pair = await openSops(whole(keyOf(LOCK, 'service-account').sealed), FLUX);
  expect([...pair.keys()]).toEqual(['sa.key', 'sa.pub']);
});

test('nobody else opens it, and nothing in it may be exchanged', async () => {
  await expect(opened('apiserver', STRANGER)).rejects.toThrow('somebody else');
  const [one, other] = ['apiserver', 'scheduler'].map((name) => whole(certificateOf(LOCK, name).sealed)) as [SopsSecret, SopsSecret];
  await expect(openSops({ ...one, data: other.data }, FLUX)).rejects.toThrow();
  await expect(openSops({ ...one, data: { ...one.data, 'tls.crt': one.data['tls.key'] ?? '' } }, FLUX)).rejects.toThrow();
  const { 'tls.crt': _gone, ...rest } = one.data;
  await expect(openSops({ ...one, data: rest }, FLUX)).rejects.toThrow('other values');
  await expect(openSops({ ...one, lastModified: '2027-01-01T00:00:00Z' }, FLUX)).rejects.toThrow();
});

test('no key stands in the lock, which says what each Secret is to hold', () => {
  const text = serializeLock(LOCK);
  expect(text).not.toContain('PRIVATE KEY');
  for (const key of KEYSTORE?.keys.values() ?? []) expect(text).not.toContain(key.reveal());
  expect(parseLock(text, 'prod')).toEqual({ ok: true, lock: LOCK });
  expect(certificateOf(LOCK, 'apiserver').spec.contents).toEqual({ 'tls.crt': '{{ certificate }}', 'tls.key': '{{ key }}' });
  expect(certificateOf(LOCK, 'server-ca').spec.contents).toBeUndefined();
  expect(checkLock(PLAN, LOCK, sealing)).toEqual([]);
});

test('a second time issues nothing and changes no byte', async () => {
  const second = await again();
  expect(names(second)).toEqual([]);
  expect(serializeLock(second.lock)).toBe(serializeLock(LOCK));
});

test('what a Secret holds follows the definition', async () => {
  const moved = planFor({ endpoint: { ...cluster().endpoint, port: 7443 } });
  expect(checkLock(moved, LOCK, sealing).map(({ code, at }) => `${code} ${at.path}`)).toEqual(['admin', 'super-admin', 'user-ann'].map((name) => `pki/certificate-differs certificates.${name}`));
  const after = await again(moved);
  expect(names(after)).toEqual(['admin', 'super-admin', 'user-ann']);
  expect((await opened('user-ann', FLUX, after.lock)).get('kubeconfig')).toContain(':7443');
});

test('another list of what is encrypted keeps the key', async () => {
  const wider = planFor({ encryption: { provider: 'secretbox', resources: ['secrets', 'configmaps'] } });
  expect(checkLock(wider, LOCK, sealing).map(({ at }) => at.path)).toEqual(['keys.key1']);
  const after = await again(wider);
  expect(names(after)).toEqual(['key1']);
  expect((await openSops(whole(keyOf(after.lock, 'key1').sealed), FLUX)).get('encryption.yaml')).toContain('configmaps');
  expect(keyOf(after.lock, 'key1')).toMatchObject({ id: (keyOf(LOCK, 'key1') as { id: string }).id });
});

test('what is to be readable stands in the file with the same key, behind what is written in clear', async () => {
  const prepared = planFor({ encryption: { provider: 'secretbox', resources: ['secrets'], readable: ['configmaps'] } });
  expect(checkLock(prepared, LOCK, sealing).map(({ at }) => at.path)).toEqual(['keys.key1']);
  const after = await again(prepared);
  const { resources } = parse((await openSops(whole(keyOf(after.lock, 'key1').sealed), FLUX)).get('encryption.yaml') ?? '') as { readonly resources: readonly { readonly providers: readonly object[] }[] };
  expect(resources).toMatchObject([
    { resources: ['secrets'], providers: [{ secretbox: {} }, { identity: {} }] },
    { resources: ['configmaps'], providers: [{ identity: {} }, { secretbox: {} }] },
  ]);
  expect(resources[1]?.providers[1]).toEqual(resources[0]?.providers[0]);
});

test('an authority that is issued anew is in every kubeconfig that trusts it', async () => {
  const after = await again(PLAN, LOCK, { force: ['server-ca'] });
  expect(names(after)).toEqual(expect.arrayContaining(['server-ca', 'admin', 'flux', 'super-admin', 'user-ann']));
  expect(names(after)).not.toContain('scheduler');
  const { clusters: [{ cluster: trusted }] } = parse((await opened('user-ann', FLUX, after.lock)).get('kubeconfig') ?? '') as { clusters: [{ cluster: Record<string, string> }] };
  expect(Buffer.from(trusted['certificate-authority-data'] ?? '', 'base64').toString()).toBe(certificateOf(after.lock, 'server-ca').certificate);
});

test('recipients that change get everything anew, and who left opens none of it', async () => {
  const fewer = ageRecipients([await identityToRecipient(FLUX)]);
  expect(checkLock(PLAN, LOCK, fewer).map(({ code }) => code)).toEqual(['pki/sealing-differs']);
  const after = await again(PLAN, LOCK, { sealing: fewer });
  expect((await opened('apiserver', FLUX, after.lock)).get('tls.key')).not.toBe((await opened('apiserver')).get('tls.key'));
  await expect(opened('apiserver', PERSON, after.lock)).rejects.toThrow('somebody else');
});

test('the order of recipients means nothing', () => {
  expect(ageRecipients([...sealing.recipients].reverse())).toEqual(sealing);
});
