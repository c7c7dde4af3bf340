import { describe, expect, test } from 'vitest';
import type { ClusterDefinition, MetaClusterDefinition } from '../../lib/model/definition.ts';
import { claimsOf, metaClaimsOf, type Claims } from '../../lib/validate/claims.ts';
import { conflicts } from '../../lib/validate/conflicts.ts';
import { validateFleet, validateMeta } from '../../lib/validate/validate.ts';
import { cluster, meta } from './definitions.ts';

const fleet = (clusters: readonly unknown[], metaClusters: readonly unknown[] = [meta()]): unknown =>
  ({ name: 'f', metaClusters, clusters, sealing: { certificate: 'sealing.pem' } });

/** A second cluster that takes nothing from the first. */
const other = (change: Partial<ClusterDefinition> = {}): ClusterDefinition =>
  cluster({ name: 'staging', endpoint: { host: 'api.staging.example.com', address: '10.20.0.12', expose: { type: 'loadBalancer' } }, ...change });

const exposed = (name: string, nodePort: number): ClusterDefinition =>
  cluster({ name, endpoint: { host: `api.${name}.example.com`, address: '10.20.1.1', expose: { type: 'nodePort', nodePort } }, nodes: { access: { type: 'konnectivity', nodePort: nodePort + 1000 } } });
const gated = (name: string, gateway: string, inCluster: { readonly host?: string } = {}): ClusterDefinition =>
  cluster({ name, endpoint: { host: `api.${name}.example.com`, address: '10.20.0.9', expose: { type: 'gateway', gateway: { namespace: 'gw', name: gateway }, inCluster } } });
const flat = (name: string, pods: string, change: Partial<ClusterDefinition> = {}): ClusterDefinition =>
  cluster({ name, endpoint: { host: `api.${name}.example.com`, expose: { type: 'dnsRoundRobin' } }, network: { pods, services: '10.32.0.0/16' }, ...change });
const stored = (name: string, path: string): ClusterDefinition =>
  other({ name, endpoint: { ...other().endpoint, host: `api.${name}.example.com`, address: name === 'a' ? '10.20.0.3' : '10.20.0.4' }, etcd: { storage: { hostPath: { path, size: '32Gi', hosts: ['w1', 'w2', 'w3'] } } } });
const far = (change: Partial<MetaClusterDefinition> = {}): MetaClusterDefinition => meta({
  name: 'far', endpoint: { host: 'api.far.example.com' }, controlPlane: [{ name: 'f1', address: '172.16.0.1' }], workers: [],
  network: { pods: '172.20.0.0/16', services: '172.21.0.0/16', machines: ['172.16.0.0/16'] }, ...change,
});

describe('what clusters take from each other', () => {
  test.for([
    { code: 'fleet/duplicate-name', at: 'prod: name', clusters: [cluster(), other({ name: 'prod' })], metas: [meta()] },
    { code: 'fleet/duplicate-name', at: 'meta: name', clusters: [other({ name: 'meta' })], metas: [meta()] },
    { code: 'fleet/unknown-meta', at: 'staging: meta', clusters: [other({ meta: 'mata' })], metas: [meta()] },
    { code: 'fleet/host-conflict', at: 'staging: endpoint.host', clusters: [cluster(), other({ endpoint: { ...cluster().endpoint, address: '10.20.0.12' } })], metas: [meta()] },
    { code: 'fleet/address-conflict', at: 'staging: endpoint.address', clusters: [cluster(), other({ endpoint: { ...other().endpoint, address: '10.20.0.11' }, nodes: { access: { type: 'konnectivity', port: 8232 } } })], metas: [meta()] },
    { code: 'fleet/address-conflict', at: 'b: endpoint.address', clusters: [gated('a', 'one'), gated('b', 'two')], metas: [meta()] },
    { code: 'fleet/node-port-conflict', at: 'b: endpoint.expose.nodePort', clusters: [exposed('a', 30001), { ...exposed('b', 30001), nodes: { access: { type: 'direct' as const } }, network: { ...cluster().network, cni: { type: 'none' as const } }, endpoint: { ...exposed('b', 30001).endpoint, address: '10.20.1.2' } }], metas: [meta()] },
    { code: 'fleet/node-port-conflict', at: 'b: nodes.access.nodePort', clusters: [exposed('a', 31001), { ...exposed('b', 30001), endpoint: { ...exposed('b', 30001).endpoint, address: '10.20.1.2' } }], metas: [meta()] },
    { code: 'fleet/host-conflict', at: 'b: nodes.access.host', clusters: [gated('a', 'one'), { ...gated('b', 'one'), nodes: { access: { type: 'konnectivity' as const, host: 'konnectivity.api.a.example.com' } } }], metas: [meta()] },
    { code: 'fleet/host-conflict', at: 'b: endpoint.expose.inCluster.host', clusters: [gated('a', 'one'), gated('b', 'one', { host: 'kubernetes.api.a.example.com' })], metas: [meta()] },
    { code: 'fleet/address-conflict', at: 'staging: nodes.access.port', clusters: [cluster(), other({ endpoint: { ...other().endpoint, address: '10.20.0.11', port: 7443 } })], metas: [meta()] },
    { code: 'fleet/volume-conflict', at: 'b: etcd.storage.hostPath.path', clusters: [stored('a', '/srv/x'), stored('b', '/srv/x/')], metas: [meta()] },
    { code: 'fleet/cidr-overlap', at: 'b: network.pods', clusters: [flat('a', '10.64.0.0/14'), flat('b', '10.65.0.0/16')], metas: [meta()] },
    { code: 'fleet/cidr-overlap', at: 'a: network.pods', clusters: [flat('a', '172.20.0.0/15'), flat('b', '10.64.0.0/14', { meta: 'far' })], metas: [meta(), far()] },
  ])('$code at $at', ({ code, at, clusters, metas }) => {
    expect(validateFleet(fleet(clusters, metas)).map((problem) => `${problem.code} ${problem.at.of}: ${problem.at.path}`)).toEqual([`${code} ${at}`]);
  });

  test.for([
    { name: 'no cluster at all', clusters: [] },
    { name: 'two clusters', clusters: [cluster(), other()] },
    { name: 'one range in two clusters that are not routed', clusters: [cluster(), other()] },
    { name: 'a shared Gateway', clusters: [gated('a', 'one'), gated('b', 'one')] },
    { name: 'two node ports of one machine', clusters: [exposed('a', 30001), exposed('b', 30002)] },
    { name: 'two routed ranges', clusters: [flat('a', '10.64.0.0/16'), flat('b', '10.65.0.0/16')] },
  ])('$name: no problem', ({ clusters }) => {
    expect(validateFleet(fleet(clusters))).toEqual([]);
  });

  test('a meta cluster that cannot be read is not missing', () => {
    const problems = validateFleet(fleet([cluster()], [{ ...meta(), kubernetes: 1 }]));
    expect(problems.map(({ code }) => code)).toEqual(['schema/wrong-type']);
  });

  test('the first cluster with which Argo CD would no longer read the root of its meta cluster', () => {
    const weighs = (of: string, bytes: number, home = 'meta'): Claims => ({ of, kind: of === home ? 'meta' : 'cluster', meta: home, claims: [], routed: [], made: { rootBytes: bytes, objects: [] } });
    const claims = [weighs('meta', 2_000_000), weighs('far', 2_000_000, 'far'), weighs('a', 8_000_000), weighs('b', 8_000_001, 'far'), weighs('c', 1, 'far')];
    const told = conflicts(claims).map(({ code, at, what }) => [code, `${at.of}: ${at.path}`, what]);
    expect(told).toEqual([['delivery/too-large', 'b: meta', 'with this cluster dist/far/argocd holds 10000001 bytes, and Argo CD takes at most 10000000 in one Application.']]);
  });

  test('an object that two members have on one API server', () => {
    const makes = (of: string, home: string, objects: readonly string[]): Claims => ({ of, kind: of === home ? 'meta' : 'cluster', meta: home, claims: [], routed: [], made: { rootBytes: 0, objects } });
    const claims = [makes('a-tenant', 'a-tenant', ['Kustomization flux/a-tenant', 'Kustomization flux/a-tenant-crds']), makes('far', 'far', []), makes('b', 'far', ['Kustomization flux/a-tenant']),
      makes('a', 'a-tenant', ['Kustomization flux/a', 'Kustomization flux/a-tenant', 'Kustomization flux/a-tenant-crds'])];
    const told = conflicts(claims).map(({ code, at, what }) => [code, `${at.of}: ${at.path}`, what]);
    expect(told).toEqual([['fleet/object-conflict', 'a: name', 'its Kustomization flux/a-tenant is a-tenant\'s as well.']]);
  });

  test('claims are plain JSON, and a thousand clusters are judged at once', () => {
    const claims = [metaClaimsOf(meta()), ...Array.from({ length: 1000 }, (_, index) => claimsOf(flat(`c${index}`, `${20 + (index >> 8)}.${index & 255}.0.0/16`)))];
    expect(JSON.parse(JSON.stringify(claims))).toEqual(claims);
    const started = performance.now();
    expect(conflicts(claims)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('meta clusters', () => {
  test.for([
    { code: 'version/unsupported', path: 'kubernetes', change: { kubernetes: '1.31.0' } },
    { code: 'meta/known-bug', path: 'kubernetes', change: { kubernetes: '1.34.1' } },
    { code: 'meta/known-bug', path: 'kubernetes', change: { kubernetes: '1.35.3' } },
    { code: 'meta/control-plane-size', path: 'controlPlane', change: { controlPlane: [{ name: 'm1', address: '10.20.0.1' }, { name: 'm2', address: '10.20.0.2' }] } },
    { code: 'meta/duplicate-machine', path: 'workers[0].name', change: { workers: [{ name: 'm1', address: '10.20.1.1' }] } },
    { code: 'meta/duplicate-machine', path: 'workers[0].address', change: { workers: [{ name: 'w1', address: '10.20.0.1' }] } },
    { code: 'meta/duplicate-storage-class', path: 'platform.storageClasses[1].name', change: { platform: { storageClasses: [{ name: 'a', provisioner: 'x' }, { name: 'a', provisioner: 'y' }] } } },
    { code: 'meta/machine-outside', path: 'workers[0].address', change: { workers: [{ name: 'w1', address: '10.21.0.1' }] } },
    { code: 'meta/node-port-range', path: 'nodePortRange', change: { nodePortRange: { from: 31000, to: 30000 } } },
    { code: 'network/cidr-overlap', path: 'network.pods', change: { network: { pods: '10.20.0.0/16', services: '10.129.0.0/16', machines: ['10.20.0.0/16'] } } },
    { code: 'endpoint/host', path: 'endpoint.host', change: { endpoint: { host: '10.20.0.1' } } },
    { code: 'args/unknown-flag', path: "components.apiserver['max-request-inflight']", change: { components: { apiserver: { 'max-request-inflight': '1' } } } },
    { code: 'labels/invalid', path: 'workers[0].labels.role', change: { workers: [{ name: 'w1', address: '10.20.1.1', labels: { role: 'a b' } }] } },
  ])('$code at $path', ({ code, path, change }) => {
    expect(validateMeta(meta(change as Partial<MetaClusterDefinition>)).map((problem) => `${problem.code} ${problem.at.path}`)).toEqual([`${code} ${path}`]);
  });

  test('a node port outside the range of its meta cluster', () => {
    const problems = validateFleet(fleet([exposed('a', 30443)], [meta({ nodePortRange: { from: 31000, to: 32000 } })]));
    expect(problems.map(({ code }) => code)).toEqual(['endpoint/node-port-range']);
  });
});
