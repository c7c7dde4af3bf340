import { App } from 'cdk8s';
import { describe, expect, test } from 'vitest';
import { metaParts } from '../../charts/meta/index.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { MetaClusterDefinition } from '../../lib/model/definition.ts';
import { resolveMeta } from '../../lib/resolve/meta.ts';

const META: MetaClusterDefinition = {
  name: 'meta',
  kubernetes: '1.34.4',
  endpoint: { host: 'meta.example.com' },
  network: { pods: '10.244.0.0/16', services: '10.96.0.0/16', machines: ['10.0.0.0/24'] },
  controlPlane: [{ name: 'm1', address: '10.0.0.1' }],
  images: { mirrors: { 'docker.io': 'mirror.example.com/hub' }, pullSecrets: ['mirror'] },
  platform: {
    storageClasses: [
      { name: 'local', provisioner: 'kubernetes.io/no-provisioner' },
      { name: 'ssd', provisioner: 'csi.example.com', parameters: { type: 'ssd' } },
    ],
  },
};

const BARE: MetaClusterDefinition = { ...META, platform: { sealedSecrets: { install: false } } };

const partsOf = (definition: MetaClusterDefinition) => metaParts(resolveMeta(definition, undefined, undefined));

const manifestsOf = (definition: MetaClusterDefinition): Manifest[] =>
  partsOf(definition).flatMap(({ charts }) => charts.flatMap((chart) => chart.build(new App()).toJson() as Manifest[]));

const ofKind = (kind: string): Manifest[] => manifestsOf(META).filter((manifest) => manifest.kind === kind);

const KEPT = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' };

describe('platform of a meta cluster', () => {
  test('CRDs come first, in a part of their own', () => {
    expect(partsOf(META).map(({ folder }) => folder)).toEqual(['meta/crds', 'meta/platform']);
    expect(partsOf(BARE).map(({ folder }) => folder)).toEqual(['meta/platform']);
    expect(manifestsOf(BARE).map(({ kind }) => kind)).toEqual(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'PriorityClass', 'PriorityClass', 'PriorityClass']);
  });

  test('every object is ours by label, and has one identity', () => {
    const manifests = manifestsOf(META);
    const identities = manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`);
    expect(new Set(identities).size).toBe(manifests.length);
    for (const { metadata } of manifests) expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/managed-by': 'kubewright' });
  });

  test('etcd is served before API servers, and these before everything else', () => {
    const classes = ofKind('PriorityClass').map(({ metadata, value, globalDefault }) => ({ name: metadata.name, value, globalDefault }));
    expect(classes).toEqual([
      { name: 'kubewright-etcd', value: 100_002_000, globalDefault: undefined },
      { name: 'kubewright-apiserver', value: 100_001_000, globalDefault: undefined },
      { name: 'kubewright-control-plane', value: 100_000_000, globalDefault: undefined },
    ]);
  });

  test('storage classes keep volumes, and make them where the member runs', () => {
    for (const storageClass of ofKind('StorageClass')) {
      expect(storageClass).toMatchObject({ reclaimPolicy: 'Retain', volumeBindingMode: 'WaitForFirstConsumer' });
    }
    expect(ofKind('StorageClass').map(({ allowVolumeExpansion }) => allowVolumeExpansion)).toEqual([false, true]);
  });

  test.for(['CustomResourceDefinition', 'Namespace', 'StorageClass', 'PriorityClass'])('%s is never deleted by GitOps', (kind) => {
    for (const { metadata } of ofKind(kind)) expect(metadata.annotations).toMatchObject(KEPT);
  });
});

describe('the Sealed Secrets controller', () => {
  test('lives in a restricted namespace and never renews its key by itself', () => {
    const [namespace] = ofKind('Namespace');
    expect(namespace?.metadata).toMatchObject({ name: 'sealed-secrets', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } });
    const [deployment] = ofKind('Deployment');
    expect(deployment).toMatchObject({
      spec: {
        strategy: { type: 'Recreate' },
        template: {
          spec: {
            enableServiceLinks: false,
            priorityClassName: 'kubewright-control-plane',
            imagePullSecrets: [{ name: 'mirror' }],
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [{
              image: 'mirror.example.com/hub/bitnami/sealed-secrets-controller:0.40.0',
              args: ['--key-renew-period=0', '--kubeclient-qps=50', '--kubeclient-burst=100'],
              securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
              resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '1Gi' } },
            }],
          },
        },
      },
    });
  });

  test('an older release is given no flag that it does not know', () => {
    const older = manifestsOf({ ...META, platform: { sealedSecrets: { version: '0.33.1' } } }).find(({ kind }) => kind === 'Deployment');
    expect(older).toMatchObject({ spec: { template: { spec: { containers: [{ args: ['--key-renew-period=0'] }] } } } });
  });

  test('its Services and bindings point at what is there', () => {
    const names = (kind: string) => ofKind(kind).map(({ metadata }) => metadata.name);
    for (const { roleRef } of [...ofKind('RoleBinding'), ...ofKind('ClusterRoleBinding')]) {
      const { kind, name } = roleRef as { kind: string; name: string };
      expect(names(kind)).toContain(name);
    }
    expect(ofKind('Service').map(({ spec }) => spec)).toMatchObject([
      { selector: { 'app.kubernetes.io/name': 'sealed-secrets-controller' }, ports: [{ name: 'http', port: 8080 }] },
      { selector: { 'app.kubernetes.io/name': 'sealed-secrets-controller' }, ports: [{ name: 'metrics', port: 8081 }] },
    ]);
  });
});
