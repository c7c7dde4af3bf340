import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { bootstrapFiles, type BootstrapFile } from '../../charts/meta/bootstrap.ts';
import { DISCOVERY_FILE } from '../../charts/meta/kubeadm-documents.ts';
import type { JsonObject } from '../../lib/model/manifest.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import type { MetaClusterDefinition } from '../../lib/model/definition.ts';
import { resolveMeta } from '../../lib/resolve/meta.ts';
import { MINORS, type Minor } from '../../lib/versions/minor.ts';
import { CACHE } from '../real/binaries/go.ts';
import { KUBERNETES_RELEASES, moduleNamed } from '../real/binaries/modules.ts';
import { digestOf } from '../real/binaries/sources.ts';

const machine = (name: string, n: number) => ({ name, address: `10.0.0.${n}` });

const ONE: MetaClusterDefinition = {
  name: 'small-meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'meta.example.com' },
  network: { pods: '10.244.0.0/16', services: '10.96.0.0/16', machines: ['10.0.0.0/24'] },
  controlPlane: [machine('m1', 1)],
};

const THREE: MetaClusterDefinition = {
  ...ONE,
  name: 'meta',
  endpoint: { host: 'meta.example.com', port: 8443, address: '10.0.0.100' },
  controlPlane: [machine('m1', 1), machine('m2', 2), machine('m3', 3)],
  workers: [{ ...machine('w1', 11), labels: { 'kubewright.dev/pool': 'masters' }, taints: [{ key: 'masters', effect: 'NoSchedule' }] }],
};

const DUAL: MetaClusterDefinition = {
  ...THREE,
  network: { pods: ['10.244.0.0/16', 'fd00:244::/48'], services: ['10.96.0.0/16', 'fd00:96::/112'], machines: ['10.0.0.0/24', 'fd00::/64'] },
  controlPlane: [{ ...machine('m1', 1), kubeletArgs: { 'node-ip': '10.0.0.1,fd00::1' } }],
};

const CUSTOM: MetaClusterDefinition = {
  ...THREE,
  images: { registry: 'mirror.example.com/k8s', pullPolicy: 'Always' },
  kubelet: { maxPods: 200, kubeReserved: { memory: '1Gi' }, evictionHard: { 'memory.available': '5%' }, containerLogMaxFiles: null },
  kubeProxy: { mode: 'nftables' },
  components: { apiserver: { 'max-requests-inflight': '800', profiling: 'true' }, etcd: { 'snapshot-count': '20000' } },
  nodePortRange: { from: 31000, to: 32000 },
};

const filesOf = (definition: MetaClusterDefinition): BootstrapFile[] => bootstrapFiles(resolveMeta(definition, undefined, undefined));

function documentOf(definition: MetaClusterDefinition, path: string, kind: string): unknown {
  return filesOf(definition).find((file) => file.path === path)?.documents.find((document) => document['kind'] === kind);
}

const textOf = ({ header, documents }: BootstrapFile): string =>
  header.map((line) => `# ${line}\n`).join('') + documents.map((document) => toYaml(document as JsonObject)).join('---\n');

describe('kubeadm files', () => {
  test('one machine makes the cluster, and takes Pods when nobody else does', () => {
    expect(filesOf(ONE).map(({ path }) => path)).toEqual(['init-m1.yaml']);
    expect(documentOf(ONE, 'init-m1.yaml', 'InitConfiguration')).toMatchObject({
      localAPIEndpoint: { advertiseAddress: '10.0.0.1', bindPort: 6443 },
      nodeRegistration: { name: 'm1', taints: [], kubeletExtraArgs: [{ name: 'node-ip', value: '10.0.0.1' }] },
    });
    expect(documentOf(ONE, 'init-m1.yaml', 'ClusterConfiguration')).toMatchObject({
      controlPlaneEndpoint: 'meta.example.com:6443', kubernetesVersion: 'v1.34.4', clusterName: 'small-meta',
    });
  });

  test('three machines: the endpoint and every machine stand in the certificate', () => {
    expect(filesOf(THREE).map(({ path }) => path)).toEqual(['init-m1.yaml', 'join-m2.yaml', 'join-m3.yaml', 'join-w1.yaml']);
    expect(documentOf(THREE, 'init-m1.yaml', 'ClusterConfiguration')).toMatchObject({
      controlPlaneEndpoint: 'meta.example.com:8443',
      apiServer: { certSANs: ['meta.example.com', '10.0.0.100', 'm1', '10.0.0.1', 'm2', '10.0.0.2', 'm3', '10.0.0.3'] },
    });
  });

  test('only control-plane machines join with an API server of their own', () => {
    expect(documentOf(THREE, 'join-m2.yaml', 'JoinConfiguration')).toMatchObject({
      controlPlane: { localAPIEndpoint: { advertiseAddress: '10.0.0.2', bindPort: 6443 } },
      nodeRegistration: { taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] },
    });
    const worker = documentOf(THREE, 'join-w1.yaml', 'JoinConfiguration');
    expect(worker).not.toHaveProperty('controlPlane');
    expect(worker).toMatchObject({
      nodeRegistration: {
        taints: [{ key: 'masters', effect: 'NoSchedule' }],
        kubeletExtraArgs: [{ name: 'node-ip', value: '10.0.0.11' }, { name: 'node-labels', value: 'kubewright.dev/pool=masters' }],
      },
    });
  });

  test('no token and no certificate key stands in any file', () => {
    const text = filesOf(THREE).map(textOf).join('');
    expect(text).not.toMatch(/\b[a-z0-9]{6}\.[a-z0-9]{16}\b|certificateKey|tlsBootstrapToken/);
  });

  test('dual stack: both ranges, one DNS address of the first family', () => {
    expect(documentOf(DUAL, 'init-m1.yaml', 'ClusterConfiguration')).toMatchObject({
      networking: { podSubnet: '10.244.0.0/16,fd00:244::/48', serviceSubnet: '10.96.0.0/16,fd00:96::/112' },
    });
    expect(documentOf(DUAL, 'init-m1.yaml', 'KubeletConfiguration')).toMatchObject({ clusterDNS: ['10.96.0.10'] });
    expect(documentOf(DUAL, 'init-m1.yaml', 'InitConfiguration')).toMatchObject({
      nodeRegistration: { kubeletExtraArgs: [{ name: 'node-ip', value: '10.0.0.1,fd00::1' }] },
    });
  });

  test('fields of the author are merged into the defaults; null takes one away', () => {
    const kubelet = documentOf(CUSTOM, 'init-m1.yaml', 'KubeletConfiguration');
    expect(kubelet).toMatchObject({
      maxPods: 200, kubeReserved: { cpu: '100m', memory: '1Gi' }, evictionHard: { 'memory.available': '5%' }, serverTLSBootstrap: false,
    });
    expect(kubelet).not.toHaveProperty('containerLogMaxFiles');
    expect(documentOf(CUSTOM, 'init-m1.yaml', 'KubeProxyConfiguration')).toMatchObject({ mode: 'nftables' });
  });

  test('arguments of the author win, and are written by name', () => {
    expect(documentOf(CUSTOM, 'init-m1.yaml', 'ClusterConfiguration')).toMatchObject({
      apiServer: {
        extraArgs: [
          { name: 'max-requests-inflight', value: '800' },
          { name: 'profiling', value: 'true' },
          { name: 'service-node-port-range', value: '31000-32000' },
        ],
      },
    });
  });
});

const folder = mkdtempSync(join(tmpdir(), 'kubewright-meta-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kubeadmOf = (minor: Minor): string => join(CACHE, digestOf(moduleNamed(`kubernetes-${minor}`)), 'kubeadm');

/** kubeadm looks whether the discovery file is there, so it is given one that is. */
function written(file: BootstrapFile, name: string): string {
  const discovery = join(folder, 'discovery.conf');
  writeFileSync(discovery, '');
  const path = join(folder, `${name}-${file.path}`);
  writeFileSync(path, textOf(file).replace(`kubeConfigPath: ${DISCOVERY_FILE}`, `kubeConfigPath: ${discovery}`));
  return path;
}

describe.for(MINORS)('kubeadm %s', (minor) => {
  const kubeadm = kubeadmOf(minor);
  const kubernetes = KUBERNETES_RELEASES[minor];

  test.for([ONE, THREE, DUAL, CUSTOM])('takes every file without a warning', (definition, { skip }) => {
    skip(!existsSync(kubeadm), `kubeadm ${kubernetes} is not built: npx tsx test/real/build.ts kubernetes-${minor}`);
    for (const file of filesOf({ ...definition, kubernetes })) {
      const { stdout, stderr } = spawnSync(kubeadm, ['config', 'validate', '--config', written(file, minor)], { encoding: 'utf8' });
      expect({ path: file.path, stdout, stderr }).toEqual({ path: file.path, stdout: 'ok\n', stderr: '' });
    }
  });

  test('finds every image in a mirror under its own name', ({ skip }) => {
    skip(!existsSync(kubeadm), `kubeadm ${kubernetes} is not built: npx tsx test/real/build.ts kubernetes-${minor}`);
    const [init] = filesOf({ ...CUSTOM, kubernetes });
    if (init === undefined) throw new Error('a meta cluster without an init file');
    const images = execFileSync(kubeadm, ['config', 'images', 'list', '--config', written(init, minor)], { encoding: 'utf8' });
    expect(images).toContain(`mirror.example.com/k8s/kube-apiserver:v${kubernetes}\n`);
    expect(images).toContain('mirror.example.com/k8s/coredns/coredns:v');
  });
});
