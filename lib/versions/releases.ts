import type { Minor } from './minor.ts';

/** What changes with the Kubernetes minor and is neither a flag nor a gate. */
export interface Release {
  /** etcd of a cluster that names none: the minor that kubeadm pairs, at a release without known holes. */
  readonly etcd: string;
  /** Tag of the pause image that kubeadm of this minor pairs. */
  readonly pause: string;
  /** CoreDNS that kubeadm of this minor pairs. */
  readonly coredns: string;
  /** Of konnectivity: a release that was run with this minor. Lease counting came with 0.31. */
  readonly konnectivity: string;
  readonly configApis: ConfigApis;
}

/** apiVersion of each file that components read. */
export interface ConfigApis {
  readonly AuthenticationConfiguration: string;
  readonly AuthorizationConfiguration: string;
  readonly AdmissionConfiguration: string;
  readonly EncryptionConfiguration: string;
  readonly EgressSelectorConfiguration: string;
  readonly Policy: string;
  readonly KubeSchedulerConfiguration: string;
}

const CONFIG_APIS: ConfigApis = {
  AuthenticationConfiguration: 'apiserver.config.k8s.io/v1',
  AuthorizationConfiguration: 'apiserver.config.k8s.io/v1',
  AdmissionConfiguration: 'apiserver.config.k8s.io/v1',
  EncryptionConfiguration: 'apiserver.config.k8s.io/v1',
  EgressSelectorConfiguration: 'apiserver.k8s.io/v1beta1',
  Policy: 'audit.k8s.io/v1',
  KubeSchedulerConfiguration: 'kubescheduler.config.k8s.io/v1',
};

/**
 * v1 of AuthenticationConfiguration came with v1.34. While a minor changes, API servers of both read the same file, and
 * one of the old ones that starts again must understand it: v1.34 is given what v1.33 reads, too.
 */
const BEFORE_1_35: ConfigApis = { ...CONFIG_APIS, AuthenticationConfiguration: 'apiserver.config.k8s.io/v1beta1' };

export const RELEASES: Readonly<Record<Minor, Release>> = {
  '1.33': { etcd: '3.5.35', pause: '3.10', coredns: '1.12.0', konnectivity: '0.34.0', configApis: BEFORE_1_35 },
  '1.34': { etcd: '3.6.16', pause: '3.10.1', coredns: '1.12.1', konnectivity: '0.34.0', configApis: BEFORE_1_35 },
  '1.35': { etcd: '3.6.16', pause: '3.10.1', coredns: '1.13.1', konnectivity: '0.34.0', configApis: CONFIG_APIS },
  '1.36': { etcd: '3.6.16', pause: '3.10.2', coredns: '1.14.2', konnectivity: '0.34.0', configApis: CONFIG_APIS },
};

/** An etcd minor that a control plane may run on. */
export interface EtcdRelease {
  readonly minor: string;
  /** Oldest release that may be used, and why nothing older. */
  readonly floor: string;
  readonly because: string;
  /** Oldest release without a published hole. */
  readonly secure: string;
}

/** Every supported minor of Kubernetes works with each of these: kubeadm's own floor for all of them is 3.5.24. */
export const ETCD_RELEASES: readonly EtcdRelease[] = [
  { minor: '3.5', floor: '3.5.24', secure: '3.5.33', because: 'an older release can bring members back to life that were removed, and then cannot be updated to 3.6' },
  { minor: '3.6', floor: '3.6.5', secure: '3.6.14', because: 'kubeadm pairs 3.6.5 or newer with Kubernetes v1.34 and later' },
];

/** Advisory that the `secure` releases of etcd mend. */
export const ETCD_ADVISORY = 'GHSA-xg4h-6gfc-h4m8';

/** What is added to every minor alike. flannel's release names the one of its CNI plugin. */
export const ADDON_RELEASES = {
  flannel: '0.28.9',
  flannelCniPlugin: '1.9.1-flannel3',
  metricsServer: '0.9.0',
  ghostunnel: '1.11.2',
} as const;

/** Where upstream publishes these images. */
export const UPSTREAM_REGISTRY = 'registry.k8s.io';

/** Name and tag, without the registry, of an image that upstream publishes. */
export const UPSTREAM_IMAGES = {
  'kube-apiserver': (version: string) => `kube-apiserver:v${version}`,
  'kube-controller-manager': (version: string) => `kube-controller-manager:v${version}`,
  'kube-scheduler': (version: string) => `kube-scheduler:v${version}`,
  'kube-proxy': (version: string) => `kube-proxy:v${version}`,
  etcd: (version: string) => `etcd:${version}-0`,
  pause: (version: string) => `pause:${version}`,
} as const satisfies Record<string, (version: string) => string>;
