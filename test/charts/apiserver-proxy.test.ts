import type { DaemonSet, Deployment } from 'kubernetes-types/apps/v1';
import type { Container, Endpoints } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { expect, test } from 'vitest';
import { apiserverObjects } from '../../charts/apiserver/apiserver.ts';
import { apiserverProxyObjects } from '../../charts/tenant/apiserver-proxy.ts';
import { configObjects } from '../../charts/tenant/config.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import type { Expose, Network } from '../../lib/model/definition.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { planOf } from '../../lib/pki/certificates.ts';
import type { PkiLock } from '../../lib/pki/plan.ts';
import { metaView, resolve } from '../../lib/resolve/resolve.ts';
import { issue } from '../pki/fixtures.ts';
import { prepare } from '../support/folders.ts';
import { cluster, meta } from '../validate/definitions.ts';

const V4: Network = { pods: '10.64.0.0/14', services: '10.32.0.0/16' };
const V6: Network = { pods: 'fd00:1::/48', services: 'fd00:2::/108' };

/** A cluster behind a Gateway, in a meta cluster of the same family. */
function behind(network: Network, inCluster: Extract<Expose, { type: 'gateway' }>['inCluster'] = {}): ResolvedCluster {
  const address = network === V6 ? 'fd00:20::11' : '10.20.0.11';
  const definition = cluster({ network, endpoint: { host: 'api.prod.example.com', address, expose: { type: 'gateway', gateway: { namespace: 'gw', name: 'one' }, inCluster } } });
  const around = network === V6 ? meta({ network: { pods: 'fd00:48::/48', services: 'fd00:49::/108', machines: ['fd00:20::/64'] } }) : meta();
  return resolve(definition, { meta: metaView(around), images: undefined, delivery: undefined });
}

let locks: readonly [PkiLock, PkiLock];
prepare(async () => {
  const [four, six] = await Promise.all([V4, V6].map(async (network) => (await issue(planOf(behind(network)), null, null)).lock));
  if (four === undefined || six === undefined) throw new Error('there are no locks');
  locks = [four, six];
});

const ofKind = <T>(objects: readonly KubernetesObject[], kind: string): T => objects.find((object) => object.kind === kind) as T;
const argsOf = (containers: readonly Container[] | undefined, name: string): string[] => containers?.find((container) => container.name === name)?.args ?? [];

test.for([
  { family: 'IPv4', network: V4, address: '192.0.2.1', bracketed: '192.0.2.1', length: 32, everywhere: '0.0.0.0' },
  { family: 'IPv6', network: V6, address: '2001:db8::1', bracketed: '[2001:db8::1]', length: 128, everywhere: '[::]' },
] as const)('with $family: the Service, the API server, the agents and the proxies say one address', ({ family, network, address, bracketed, length, everywhere }) => {
  const [resolved, lock] = [behind(network), locks[network === V4 ? 0 : 1]];
  const inside = configObjects(resolved, lock);
  expect(ofKind<EndpointSlice>(inside, 'EndpointSlice')).toMatchObject({ addressType: family, endpoints: [{ addresses: [address] }], ports: [{ port: 6443 }] });
  expect(ofKind<Endpoints>(inside, 'Endpoints').subsets).toEqual([{ addresses: [{ ip: address }], ports: [{ name: 'https', port: 6443, protocol: 'TCP' }] }]);
  expect(resolved.certificates.apiserverHosts.ipAddresses).toContain(address);

  const { template } = ofKind<DaemonSet>(apiserverProxyObjects(resolved), 'DaemonSet').spec ?? {};
  expect(argsOf(template?.spec?.containers, 'kube-apiserver-proxy')).toEqual(expect.arrayContaining([
    `--listen=${bracketed}:6443`, '--target=api.prod.example.com:443', '--override-server-name=kubernetes.api.prod.example.com',
  ]));
  expect(template?.spec?.containers[0], 'a port would be the host\'s, and no second agent would fit beside the first').not.toHaveProperty('ports');
  expect(template?.spec?.initContainers?.[0]?.command?.at(-1)).toContain(`ip address replace ${address}/${length} dev lo`);

  const { spec } = ofKind<Deployment>(apiserverObjects(resolved, lock), 'Deployment').spec?.template ?? {};
  expect(argsOf(spec?.containers, 'kube-apiserver')).toContain(`--advertise-address=${address}`);
  expect(argsOf(spec?.initContainers, 'kube-apiserver-proxy')).toEqual(expect.arrayContaining([`--listen=${everywhere}:8135`, `--status=http://${everywhere}:8136`, '--target=127.0.0.1:6443']));
});

test('a name and an address of the author stand in all of these, and in the certificate', () => {
  const resolved = behind(V4, { host: 'pods.prod.example.com', address: '172.31.255.1', agentResources: { limits: { memory: '64Mi' } } });
  const [container] = ofKind<DaemonSet>(apiserverProxyObjects(resolved), 'DaemonSet').spec?.template.spec?.containers ?? [];
  expect(container?.args).toEqual(expect.arrayContaining(['--listen=172.31.255.1:6443', '--override-server-name=pods.prod.example.com']));
  expect(container?.resources?.limits).toEqual({ memory: '64Mi' });
  expect(planOf(resolved).certificates.find(({ name }) => name === 'apiserver-proxy')?.dnsNames).toEqual(['pods.prod.example.com']);
});

test('who is reached where everybody dials has neither', () => {
  const resolved = resolve(cluster(), { meta: metaView(meta()), images: undefined, delivery: undefined });
  expect(apiserverProxyObjects(resolved)).toEqual([]);
  expect(planOf(resolved).certificates.map(({ name }) => name)).not.toContain('apiserver-proxy');
});
