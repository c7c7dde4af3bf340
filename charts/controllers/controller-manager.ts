import { restartOn } from '../../lib/constructs/digest.ts';
import { always, switchesOf, type Flag } from '../../lib/constructs/flags.ts';
import { pkiFile, trustFile } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { probe } from '../../lib/constructs/pod.ts';
import { familyOf } from '../../lib/net.ts';
import { PORTS, TLS } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { certificateOf, keyOf, type PkiLock } from '../../lib/pki/plan.ts';
import { commonFlags, controllerObjects, KUBECONFIG } from './controller.ts';
import { componentKubeconfig } from './kubeconfig.ts';

const NAME = 'kube-controller-manager';

const flag = (name: string, value: Flag<ResolvedCluster>['value']): Flag<ResolvedCluster> => ({ name, value });

/** Which authority signs what. Never together with --cluster-signing-cert-file: the process would exit. */
const SIGNERS = {
  'kubelet-client': 'client-ca',
  'kube-apiserver-client': 'client-ca',
  'kubelet-serving': 'kubelet-ca',
  'legacy-unknown': 'client-ca',
} as const;

const SIGNING: readonly Flag<ResolvedCluster>[] = Object.entries(SIGNERS).flatMap(([signer, authority]) => [
  always(`cluster-signing-${signer}-cert-file`, pkiFile(authority, TLS.certificate)),
  always(`cluster-signing-${signer}-key-file`, pkiFile(authority, TLS.key)),
]);

const ranged = (value: (cluster: ResolvedCluster) => string | number | null): Flag<ResolvedCluster>['value'] =>
  (cluster) => (cluster.network.allocateNodeRanges ? value(cluster) : null);

/** One mask has a flag of its own; two have one for each family. */
const mask = (family: 4 | 6 | 'single'): Flag<ResolvedCluster>['value'] => ranged(({ network: { pods, nodeMasks } }) => {
  if (family === 'single') return pods.length === 1 ? nodeMasks[0] ?? null : null;
  return pods.length === 2 ? nodeMasks[pods.findIndex((range) => familyOf(range) === family)] ?? null : null;
});

const RANGES: readonly Flag<ResolvedCluster>[] = [
  flag('allocate-node-cidrs', ({ network }) => network.allocateNodeRanges),
  flag('cluster-cidr', ranged(({ network }) => network.pods.join(','))),
  flag('service-cluster-ip-range', ranged(({ network }) => network.services.join(','))),
  flag('node-cidr-mask-size', mask('single')),
  flag('node-cidr-mask-size-ipv4', mask(4)),
  flag('node-cidr-mask-size-ipv6', mask(6)),
];

/** Every argument of kube-controller-manager. */
export const CONTROLLER_MANAGER_FLAGS: readonly Flag<ResolvedCluster>[] = [
  ...commonFlags(KUBECONFIG, 'controller-manager', PORTS.controllerManager),
  ...SIGNING,
  ...RANGES,
  always('kubeconfig', KUBECONFIG),
  always('cluster-signing-duration', '8760h'),
  flag('cluster-name', ({ name }) => name),
  always('controllers', '*,bootstrapsigner,tokencleaner'),
  always('kube-api-qps', 100),
  always('kube-api-burst', 200),
  always('leader-elect', true),
  // Stated, so that a release with another default changes nothing unseen (it went from 40s to 50s in v1.32).
  always('node-monitor-grace-period', '50s'),
  always('profiling', false),
  always('root-ca-file', trustFile('server-ca')),
  always('service-account-private-key-file', pkiFile('service-account', 'sa.key')),
  always('terminated-pod-gc-threshold', 1000),
  always('use-service-account-credentials', true),
  flag('feature-gates', ({ components }) => switchesOf(components.controllerManager.featureGates)),
];

const PROBES = {
  startupProbe: probe('/healthz', 'https', 'HTTPS', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 }),
  livenessProbe: probe('/healthz', 'https', 'HTTPS', { periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 }),
  readinessProbe: probe('/healthz', 'https', 'HTTPS', { periodSeconds: 2, timeoutSeconds: 15, failureThreshold: 3 }),
} as const;

/** kube-controller-manager: the only component that holds the keys of authorities, of those that sign for nodes. */
export function controllerManagerObjects(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  const serviceAccount = keyOf(lock, 'service-account');
  return controllerObjects(cluster, {
    name: NAME,
    secret: 'controller-manager',
    component: ({ components }) => components.controllerManager,
    port: PORTS.controllerManager,
    probes: PROBES,
    flags: CONTROLLER_MANAGER_FLAGS,
    config: () => ({
      'kubeconfig.yaml': componentKubeconfig(cluster, 'system:kube-controller-manager', 'controller-manager', cluster.components.controllerManager.minor),
    }),
    secrets: ['service-account', ...new Set(Object.values(SIGNERS))],
    restartOn: {
      ...restartOn('trust', certificateOf(lock, 'server-ca').certificate),
      ...restartOn('service-account', serviceAccount.kind === 'serviceAccount' ? serviceAccount.publicKey : ''),
    },
  });
}
