import { X509Certificate } from 'node:crypto';

import { expect, test } from 'vitest';

import { metaView, resolve } from '../../lib/resolve/resolve.ts';
import type { ClusterDefinition, Delivery } from '../../lib/model/definition.ts';
import { AUTHORITIES, LEAVES, planOf } from '../../lib/pki/certificates.ts';
import { checkLock } from '../../lib/pki/coverage.ts';
import { specDifferences } from '../../lib/pki/issuing/differences.ts';
import { SYSTEM_ENTROPY } from '../../lib/pki/issuing/entropy.ts';
import { parseLock, serializeLock } from '../../lib/pki/lock.ts';
import { certificateOf } from '../../lib/pki/plan.ts';
import { unseal } from '../support/pki.ts';
import { cluster, meta } from '../validate/definitions.ts';
import { issue, SEALING } from './fixtures.ts';

const storage = { claimTemplate: { size: '8Gi' } };
const planFor = (change: Partial<ClusterDefinition> = {}, delivery?: Delivery) => planOf(resolve(cluster(change), { meta: metaView(meta()), images: undefined, delivery }));
const BOTH: Delivery = { tool: 'both', repository: 'https://git.example.com/clusters.git', branch: 'main', flux: { namespace: 'gitops' } };
const GATEWAY = { type: 'gateway', gateway: { namespace: 'ingress', name: 'control-planes' } } as const;
const EVERYTHING = planFor({ endpoint: { ...cluster().endpoint, expose: GATEWAY }, etcd: { storage, events: { storage } }, encryption: { provider: 'secretbox' }, users: [{ name: 'ci@payments.example.com', groups: ['deployers', 'readers'], lifetime: '30d' }] }, BOTH);
const namesOf = ({ certificates }: typeof EVERYTHING) => certificates.map(({ name }) => name);
const specOf = (name: string) => EVERYTHING.certificates.find((spec) => spec.name === name);

test('the table as a reviewer reads it', () => {
  const lines = EVERYTHING.certificates.map(({ name, issuer, commonName, organizations, usages, sealed }) =>
    [name, issuer ?? '-', commonName, organizations.join('+') || '-', usages.join('+') || '-', sealed ? 'sealed' : 'keystore'].join(' '));
  expect(lines).toMatchInlineSnapshot(`
    [
      "server-ca - kubernetes - - keystore",
      "client-ca - kubernetes-client-ca - - sealed",
      "kubelet-ca - kubernetes-kubelet-ca - - sealed",
      "front-proxy-ca - front-proxy-ca - - keystore",
      "etcd-ca - etcd-ca - - keystore",
      "etcd-peer-ca - etcd-peer-ca - - keystore",
      "apiserver server-ca kube-apiserver - serverAuth sealed",
      "apiserver-kubelet-client client-ca kube-apiserver-kubelet-client - clientAuth sealed",
      "apiserver-etcd-client etcd-ca kube-apiserver-etcd-client - clientAuth sealed",
      "front-proxy-client front-proxy-ca front-proxy-client - clientAuth sealed",
      "etcd-server etcd-ca etcd-server - serverAuth+clientAuth sealed",
      "etcd-peer etcd-peer-ca etcd-peer - serverAuth+clientAuth sealed",
      "etcd-events-server etcd-ca etcd-events-server - serverAuth+clientAuth sealed",
      "etcd-events-peer etcd-peer-ca etcd-events-peer - serverAuth+clientAuth sealed",
      "etcd-maintenance etcd-ca kube-etcd-maintenance - clientAuth sealed",
      "controller-manager client-ca system:kube-controller-manager - clientAuth sealed",
      "scheduler client-ca system:kube-scheduler - clientAuth sealed",
      "controller-manager-serving server-ca kube-controller-manager - serverAuth sealed",
      "scheduler-serving server-ca kube-scheduler - serverAuth sealed",
      "apiserver-proxy server-ca kube-apiserver-proxy - serverAuth sealed",
      "konnectivity-server server-ca konnectivity-server - serverAuth sealed",
      "konnectivity-client client-ca system:konnectivity-server - clientAuth sealed",
      "admin client-ca kubernetes-admin kubeadm:cluster-admins clientAuth sealed",
      "super-admin client-ca kubernetes-super-admin system:masters clientAuth sealed",
      "argocd client-ca kubewright:argocd - clientAuth sealed",
      "flux client-ca kubewright:flux - clientAuth sealed",
      "user-ci@payments.example.com client-ca ci@payments.example.com deployers+readers clientAuth sealed",
    ]
  `);
});

test('who applies what is inside is of no group, and is known in its own namespace', () => {
  expect(specOf('argocd')).toMatchObject({ namespace: 'argocd', secret: 'cluster-prod', organizations: [] });
  expect(specOf('flux')).toMatchObject({ namespace: 'gitops', secret: 'prod-kubeconfig', organizations: [] });
  expect(EVERYTHING.certificates.filter(({ namespace }) => namespace !== undefined).map(({ name }) => name)).toEqual(['argocd', 'flux']);
  expect(namesOf(planFor())).not.toContain('argocd');
});

test('a Secret of another namespace is sealed for that one, and the lock keeps it', async () => {
  const { lock } = await issue(EVERYTHING, null, null);
  const parsed = parseLock(serializeLock(lock), 'prod');
  expect(parsed).toEqual({ ok: true, lock });
  const { sealed } = certificateOf(lock, 'flux');
  expect(unseal(SEALING.privateKeyPem, 'gitops', sealed ?? { secret: '', key: '', value: '' })).toContain('PRIVATE KEY');
  expect(() => unseal(SEALING.privateKeyPem, 'cp-prod', sealed ?? { secret: '', key: '', value: '' })).toThrow();
  const moved = planFor({}, { ...BOTH, flux: { namespace: 'elsewhere' } }).certificates.find(({ name }) => name === 'flux');
  expect(specDifferences(certificateOf(lock, 'flux').spec, moved ?? certificateOf(lock, 'flux').spec).map(({ text }) => text)).toEqual(['Secret: adds elsewhere/prod-kubeconfig; drops gitops/prod-kubeconfig']);
});

test('an authority stands before what it signs, and signs no authority', () => {
  EVERYTHING.certificates.forEach(({ issuer }, index) => {
    if (issuer !== null) expect(EVERYTHING.certificates.slice(0, index).find(({ name }) => name === issuer)?.issuer).toBeNull();
  });
});

test('names, Secrets and subjects of one authority are unique', () => {
  const { certificates, keys } = EVERYTHING;
  for (const values of [[...certificates, ...keys].map(({ name }) => name), [...certificates, ...keys].map(({ secret }) => secret), certificates.map(({ issuer, commonName }) => `${issuer}/${commonName}`)]) {
    expect(new Set(values).size).toBe(values.length);
  }
  for (const { secret } of certificates) expect(secret).toMatch(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);
  for (const { commonName } of certificates) expect(commonName.length).toBeLessThanOrEqual(64);
});

test('system:masters is one certificate, for breaking glass', () => {
  expect(EVERYTHING.certificates.filter(({ organizations }) => organizations.includes('system:masters')).map(({ name }) => name)).toEqual(['super-admin']);
});

test('only the controller-manager gets keys of authorities', () => {
  expect(AUTHORITIES.filter(({ keyFor }) => keyFor !== null).map(({ name, keyFor }) => [name, keyFor])).toEqual([['client-ca', 'kube-controller-manager'], ['kubelet-ca', 'kube-controller-manager']]);
  expect(EVERYTHING.certificates.filter(({ issuer, sealed }) => issuer === null && sealed).map(({ name }) => name)).toEqual(['client-ca', 'kubelet-ca']);
});

test('clients have no names, servers have them, peers no addresses, nobody wildcards', () => {
  for (const { issuer, usages, dnsNames, ipAddresses, name } of EVERYTHING.certificates) {
    if (issuer === null) continue;
    expect([name, dnsNames.length > 0]).toEqual([name, usages.includes('serverAuth')]);
    expect(dnsNames.filter((host) => host.includes('*'))).toEqual([]);
    if (name.endsWith('-peer')) expect(ipAddresses).toEqual([]);
  }
});

test('etcd names every member by itself', () => {
  expect(specOf('etcd-peer')?.dnsNames).toEqual([0, 1, 2].map((i) => `etcd-${i}.etcd.cp-prod.svc.cluster.local`));
  expect(specOf('etcd-events-server')?.dnsNames).toEqual([
    ...[0, 1, 2].flatMap((i) => [`etcd-events-${i}.cp-prod.svc.cluster.local`, `etcd-events-${i}.etcd-events.cp-prod.svc.cluster.local`]), 'etcd-events.cp-prod.svc.cluster.local', 'localhost',
  ]);
  expect(specOf('etcd-server')?.ipAddresses).toEqual(['127.0.0.1', '::1']);
});

test('a user has groups, a lifetime and a Secret of their own', () => {
  expect(specOf('user-ci@payments.example.com')).toMatchObject({ commonName: 'ci@payments.example.com', organizations: ['deployers', 'readers'], days: 30, secret: 'user-ci-at-payments.example.com-kubeconfig' });
});

test('what a cluster does not have gets no certificate', () => {
  expect(namesOf(planFor()).filter((name) => name.startsWith('etcd-events'))).toEqual([]);
  const { etcd: _, ...without } = cluster();
  const external = planOf(resolve({ ...without, datastore: { external: { endpoints: ['https://db:2379'], credentials: 'db' } } }, { meta: metaView(meta()), images: undefined, delivery: undefined }));
  expect(namesOf(external).filter((name) => name.includes('etcd'))).toEqual([]);
  expect(namesOf(external).filter((name) => !namesOf(planFor()).includes(name))).toEqual([]);
});

test.for([
  { provider: 'secretbox', keys: ['service-account', 'key1'] },
  { provider: 'aescbc', keys: ['service-account', 'key1'] },
  { provider: 'kms', keys: ['service-account'] },
  { provider: 'none', keys: ['service-account'] },
] as const)('encryption with $provider needs $keys', ({ provider, keys }) => {
  expect(planFor({ encryption: { provider } }).keys.map(({ name }) => name)).toEqual(keys);
});

test('the real thing: every certificate with keys of the operating system, verified, covering its plan', async () => {
  const { lock } = await issue(EVERYTHING, null, null, { entropy: SYSTEM_ENTROPY });
  expect(checkLock(EVERYTHING, lock, SEALING.sealing)).toEqual([]);
  expect(lock.certificates).toHaveLength(AUTHORITIES.length + LEAVES.length + 1);
  const apiserver = new X509Certificate(certificateOf(lock, 'apiserver').certificate);
  for (const host of ['kubernetes.default.svc', 'api.prod.example.com', 'apiserver.cp-prod.svc.cluster.local', 'localhost']) expect(apiserver.checkHost(host, { subject: 'never' })).toBe(host);
  for (const address of ['10.32.0.1', '10.20.0.11', '127.0.0.1', '::1']) expect(apiserver.checkIP(address)).toBeDefined();
  expect(new Set(lock.certificates.map(({ publicKeyDigest }) => publicKeyDigest)).size).toBe(lock.certificates.length);
}, 60_000);
