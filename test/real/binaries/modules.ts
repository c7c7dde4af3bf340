import { COMPONENTS } from '../../../lib/versions/facts.ts';
import type { Minor } from '../../../lib/versions/minor.ts';

/** The Kubernetes release each minor is tested with: the newest whose source the Go module proxy has. */
export const KUBERNETES_RELEASES = {
  '1.36': '1.36.3',
  '1.35': '1.35.4',
  '1.34': '1.34.4',
  '1.33': '1.33.13',
} as const satisfies Record<Minor, string>;

/** An earlier release of a supported minor, for a patch release in a running control plane. */
export const EARLIER_RELEASE = '1.34.3';

/** One Go module of ours: what it pins, and which programs are built from it. Pins are in `modules/<name>/`. */
export interface GoModule {
  readonly name: string;
  /** The modules it requires. */
  readonly requires: readonly string[];
  /** Where they come from instead, as go.mod writes it. */
  readonly replaces?: readonly string[];
  /** File name of a program, and the Go package it is built from. */
  readonly programs: Readonly<Record<string, string>>;
  /** `module version` of a program whose own go.mod says where further modules come from instead. */
  readonly replacesAs?: string;
  /** Somebody's module that is built from a copy, to which `replaces` leads. */
  readonly copy?: Copy;
  /** What somebody's module brings beside code, and lies beside the programs here: `name: module version path`. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Names that are links to the only program. */
  readonly links: readonly string[];
  /** Set when the program is our own `source/` for this Kubernetes release. */
  readonly kubernetes?: string;
  /** Set when the program is our own, in this folder beside `source/`. */
  readonly folder?: string;
  /** Code of ours where somebody's cannot be had and is asked nothing here: where it is laid, and its folder in `stand-ins/`. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** A copy of a module in which some packages are empty: what they do is asked of nobody here. */
export interface Copy {
  readonly module: string;
  readonly version: string;
  readonly empty: readonly string[];
}

/** The copy's folder beside the go.mod of ours. */
export const COPY = 'copy';

const ETCD_SERVER = 'go.etcd.io/etcd/server/v3';

const ETCD_MODULES: readonly GoModule[] = [
  {
    name: 'etcd-3.5',
    requires: [`${ETCD_SERVER} v3.5.35`, 'go.etcd.io/etcd/etcdctl/v3 v3.5.35', 'go.etcd.io/etcd/etcdutl/v3 v3.5.35'],
    programs: { etcd: ETCD_SERVER, etcdctl: 'go.etcd.io/etcd/etcdctl/v3', etcdutl: 'go.etcd.io/etcd/etcdutl/v3' },
    links: [],
  },
  {
    name: 'etcd-3.6',
    requires: [`${ETCD_SERVER} v3.6.16`, 'go.etcd.io/etcd/etcdctl/v3 v3.6.16', 'go.etcd.io/etcd/etcdutl/v3 v3.6.16'],
    programs: { etcd: ETCD_SERVER, etcdctl: 'go.etcd.io/etcd/etcdctl/v3', etcdutl: 'go.etcd.io/etcd/etcdutl/v3' },
    links: [],
  },
];

const CONTAINERD = 'github.com/containerd/containerd/v2';
const CNI_PLUGINS = 'github.com/containernetworking/plugins';
const SEALED_SECRETS = 'github.com/bitnami/sealed-secrets';
const KONNECTIVITY = 'sigs.k8s.io/apiserver-network-proxy';
const GHOSTUNNEL = 'github.com/ghostunnel/ghostunnel';
const TRAEFIK = 'github.com/traefik/traefik/v3';
const LEGO = 'github.com/go-acme/lego/v5';
const HELM = 'helm.sh/helm/v3';
const FLANNEL = 'github.com/flannel-io/flannel';
const MULTUS = 'gopkg.in/k8snetworkplumbingwg/multus-cni.v4';

const CSI_PROVISIONER = 'github.com/kubernetes-csi/external-provisioner/v6';

const ARGOCD = 'github.com/argoproj/argo-cd/v3';
const KUSTOMIZE_CONTROLLER = 'github.com/fluxcd/kustomize-controller';

/** What applies `dist/` where it is committed. Each brings the definitions of its own kinds. */
const DELIVERY_MODULES: readonly GoModule[] = [
  {
    name: 'argocd',
    requires: [`${ARGOCD} v3.2.1`],
    replacesAs: `${ARGOCD} v3.2.1`,
    programs: { argocd: `${ARGOCD}/cmd` },
    folders: { crds: `${ARGOCD} v3.2.1 manifests/crds`, config: `${ARGOCD} v3.2.1 manifests/base/config` },
    links: ['argocd-application-controller', 'argocd-repo-server'],
  },
  {
    name: 'kustomize-controller',
    requires: [`${KUSTOMIZE_CONTROLLER} v1.7.3`],
    replacesAs: `${KUSTOMIZE_CONTROLLER} v1.7.3`,
    programs: { 'kustomize-controller': KUSTOMIZE_CONTROLLER },
    folders: { crds: `${KUSTOMIZE_CONTROLLER} v1.7.3 config/crd/bases`, sources: 'github.com/fluxcd/source-controller v1.8.5 config/crd/bases' },
    links: [],
  },
];

/** What machines, meta clusters and the command line need beside Kubernetes and etcd. */
const PLATFORM_MODULES: readonly GoModule[] = [
  { name: 'pause', requires: [], programs: { pause: '.' }, links: [], folder: 'pause' },
  {
    name: 'cni-plugins',
    requires: [`${CNI_PLUGINS} v1.9.1`],
    programs: {
      bridge: `${CNI_PLUGINS}/plugins/main/bridge`,
      ptp: `${CNI_PLUGINS}/plugins/main/ptp`,
      loopback: `${CNI_PLUGINS}/plugins/main/loopback`,
      'host-local': `${CNI_PLUGINS}/plugins/ipam/host-local`,
      portmap: `${CNI_PLUGINS}/plugins/meta/portmap`,
    },
    links: [],
  },
  {
    name: 'containerd',
    requires: [`${CONTAINERD} v2.2.9`],
    programs: {
      containerd: `${CONTAINERD}/cmd/containerd`,
      'containerd-shim-runc-v2': `${CONTAINERD}/cmd/containerd-shim-runc-v2`,
      ctr: `${CONTAINERD}/cmd/ctr`,
    },
    links: [],
  },
  {
    name: 'sealed-secrets',
    requires: [`${SEALED_SECRETS} v0.40.0`],
    // Checksums are published under the path that the module had before.
    replaces: [`${SEALED_SECRETS} => github.com/bitnami-labs/sealed-secrets v0.40.0`],
    programs: { controller: `${SEALED_SECRETS}/cmd/controller` },
    links: [],
  },
  {
    name: 'konnectivity',
    requires: [`${KONNECTIVITY} v0.34.0`],
    programs: { 'proxy-server': `${KONNECTIVITY}/cmd/server`, 'proxy-agent': `${KONNECTIVITY}/cmd/agent` },
    links: [],
  },
  {
    name: 'ghostunnel',
    // The last release but one: of the last one the Go module proxy has no source.
    requires: [`${GHOSTUNNEL} v1.11.2`],
    replaces: ['github.com/wrouesnel/go.connect-proxy-scheme => ./connect-proxy'],
    programs: { ghostunnel: GHOSTUNNEL },
    standIns: { 'connect-proxy': 'connect-proxy' },
    links: [],
  },
  {
    name: 'traefik',
    requires: [`${TRAEFIK} v3.7.13`],
    replaces: [
      `${LEGO} => ./${COPY}`,
      'github.com/traefik/traefik/dynamic/ext => ./ext',
      'github.com/abbot/go-http-auth => github.com/containous/go-http-auth v0.4.1-0.20200324110947-a37a7636d23e',
      'github.com/gorilla/mux => github.com/containous/mux v0.0.0-20250523120546-41b6ec3aed59',
    ],
    // What asks a hundred providers of DNS for certificates, of whom the module proxy has not all.
    copy: { module: LEGO, version: 'v5.4.1', empty: ['providers/dns'] },
    standIns: { [`${COPY}/providers/dns`]: 'dns', ext: 'ext' },
    programs: { traefik: `${TRAEFIK}/cmd/traefik` },
    folders: { crds: 'sigs.k8s.io/gateway-api v1.6.1 config/crd/standard' },
    links: [],
  },
  {
    name: 'flannel',
    requires: [`${FLANNEL} v0.28.9`],
    replaces: [`${FLANNEL} => ./${COPY}`],
    // Backends that no definition can ask for: one takes a C compiler, of the other one the module proxy has no library.
    copy: { module: FLANNEL, version: 'v0.28.9', empty: ['pkg/backend/udp', 'pkg/backend/tencentvpc'] },
    programs: { flanneld: FLANNEL },
    links: [],
  },
  {
    name: 'flannel-cni-plugin',
    // flannel's own repository of the plugin is not in the Go module proxy. This is the last release of the reference
    // plugins that had it: it reads the same files, and hands over to the same `bridge`.
    requires: [`${CNI_PLUGINS} v0.9.1`],
    programs: { flannel: `${CNI_PLUGINS}/plugins/meta/flannel` },
    links: [],
  },
  {
    name: 'multus',
    requires: [`${MULTUS} v4.2.4`],
    programs: { multus: `${MULTUS}/cmd/multus` },
    folders: { deployments: `${MULTUS} v4.2.4 deployments` },
    links: [],
  },
  { name: 'metrics-server', requires: ['sigs.k8s.io/metrics-server v0.9.0'], programs: { 'metrics-server': 'sigs.k8s.io/metrics-server/cmd/metrics-server' }, links: [] },
  {
    name: 'csi-provisioner',
    requires: [`${CSI_PROVISIONER} v6.3.0`],
    replacesAs: `${CSI_PROVISIONER} v6.3.0`,
    programs: { 'csi-provisioner': `${CSI_PROVISIONER}/cmd/csi-provisioner` },
    links: [],
  },
  {
    name: 'csi-folders',
    // The Go module proxy has neither the hostpath driver, nor the registrar that tells a kubelet of one.
    requires: ['github.com/container-storage-interface/spec v1.13.0', 'google.golang.org/grpc v1.84.0', 'k8s.io/kubelet v0.37.0'],
    programs: { 'csi-folders': '.' },
    links: [],
    folder: 'csi-folders',
  },
  { name: 'helm', requires: [`${HELM} v3.19.0`], programs: { helm: `${HELM}/cmd/helm` }, links: [] },
  { name: 'rclone', requires: ['github.com/rclone/rclone v1.71.2'], programs: { rclone: '.' }, links: [], folder: 'rclone' },
  { name: 'coredns', requires: ['github.com/coredns/coredns v1.12.4'], programs: { coredns: '.' }, links: [], folder: 'coredns' },
];

function kubernetesModule([minor, release]: readonly [string, string]): GoModule {
  return {
    name: `kubernetes-${minor}`,
    requires: [`k8s.io/kubernetes v${release}`],
    programs: { kubernetes: '.' },
    links: [...COMPONENTS, 'kubeadm', 'kubectl'],
    kubernetes: release,
  };
}

/** Only what a hosted control plane runs: the rest of Kubernetes is not compiled for it. */
const EARLIER_MODULE: GoModule = {
  name: `kubernetes-${EARLIER_RELEASE}`,
  requires: [`k8s.io/kubernetes v${EARLIER_RELEASE}`],
  programs: { kubernetes: '.' },
  links: ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
  kubernetes: EARLIER_RELEASE,
  folder: 'control-plane',
};

/** Every module, in the order of the first build: the small ones, then the newest Kubernetes first. */
export const MODULES: readonly GoModule[] = [
  ...ETCD_MODULES,
  ...PLATFORM_MODULES,
  ...DELIVERY_MODULES,
  ...Object.entries(KUBERNETES_RELEASES).map(kubernetesModule),
  EARLIER_MODULE,
];

/** The module of that name; asking for one that does not exist is our own mistake. */
export function moduleNamed(name: string): GoModule {
  const found = MODULES.find((module) => module.name === name);
  if (!found) throw new Error(`no module is called ${name}; there are ${MODULES.map((m) => m.name).join(', ')}`);
  return found;
}
