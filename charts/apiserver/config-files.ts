import { pkiFile } from '../../lib/constructs/mounts.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import type { JsonValue } from '../../lib/model/manifest.ts';
import type { JsonObject, ResolvedCluster } from '../../lib/model/resolved.ts';
import type { Minor } from '../../lib/versions/minor.ts';
import { RELEASES, type ConfigApis } from '../../lib/versions/releases.ts';
import { SOCKET } from './konnectivity.ts';

/** A file of kube-apiserver's configuration. */
interface ConfigFile {
  readonly name: string;
  /** Whether the API server reads the file again when it changes; the others restart it. */
  readonly reloads: boolean;
  readonly content: (cluster: ResolvedCluster) => object | null;
}

const FILES: readonly ConfigFile[] = [
  { name: 'authentication.yaml', reloads: true, content: authentication },
  { name: 'authorization.yaml', reloads: true, content: authorization },
  { name: 'admission.yaml', reloads: false, content: admission },
  { name: 'audit-policy.yaml', reloads: false, content: auditPolicy },
  { name: 'egress-selector.yaml', reloads: false, content: egressSelector },
];

/** Text by file name, of the files that this cluster needs. */
export function configFiles(cluster: ResolvedCluster, only: (file: ConfigFile) => boolean = () => true): Record<string, string> {
  const entries = FILES.filter(only).map((file) => [file.name, file.content(cluster)] as const);
  return Object.fromEntries(entries.flatMap(([name, content]) => (content === null ? [] : [[name, toYaml(content as JsonValue)]])));
}

/** What a change of restarts the API server. */
export const restartingFiles = (cluster: ResolvedCluster): Record<string, string> => configFiles(cluster, (file) => !file.reloads);

const typeOf = (minor: Minor, kind: keyof ConfigApis) => ({ apiVersion: RELEASES[minor].configApis[kind], kind });

/** Anonymous clients may ask for these paths and for nothing else: kubelets' probes have no identity. */
function authentication({ components: { apiserver: { minor } }, authentication: { jwt, anonymousPaths } }: ResolvedCluster): object {
  return {
    ...typeOf(minor, 'AuthenticationConfiguration'),
    anonymous: anonymousPaths.length === 0 ? { enabled: false } : { enabled: true, conditions: anonymousPaths.map((path) => ({ path })) },
    ...(jwt.length === 0 ? {} : { jwt }),
  };
}

function authorization({ components: { apiserver: { minor } }, authorization: { webhooks } }: ResolvedCluster): object | null {
  if (webhooks.length === 0) return null;
  return {
    ...typeOf(minor, 'AuthorizationConfiguration'),
    authorizers: [
      { type: 'Node', name: 'node' },
      { type: 'RBAC', name: 'rbac' },
      ...webhooks.map(({ name, kubeconfig, webhook }) => ({
        type: 'Webhook', name, webhook: { ...webhook, connectionInfo: { type: 'KubeConfigFile', kubeConfigFile: pkiFile(kubeconfig, 'kubeconfig') } },
      })),
    ],
  };
}

function admission({ components: { apiserver: { minor } }, admission: { configuration } }: ResolvedCluster): object | null {
  const plugins = Object.keys(configuration).sort();
  if (plugins.length === 0) return null;
  return {
    ...typeOf(minor, 'AdmissionConfiguration'),
    plugins: plugins.map((name): JsonObject => ({ name, configuration: configuration[name] })),
  };
}

function auditPolicy({ components: { apiserver: { minor } }, audit: { policy } }: ResolvedCluster): object | null {
  if (policy === null) return null;
  return { ...typeOf(minor, 'Policy'), omitStages: policy.omitStages, rules: policy.rules };
}

/** Nodes, Pods and webhooks of the cluster through the tunnel; etcd and what stands beside the API server as ever. */
function egressSelector({ components: { apiserver: { minor } }, nodes: { access } }: ResolvedCluster): object | null {
  if (access.type !== 'konnectivity') return null;
  const direct = { proxyProtocol: 'Direct' };
  return {
    ...typeOf(minor, 'EgressSelectorConfiguration'),
    egressSelections: [
      { name: 'cluster', connection: { proxyProtocol: 'GRPC', transport: { uds: { udsName: SOCKET } } } },
      { name: 'controlplane', connection: direct },
      { name: 'etcd', connection: direct },
    ],
  };
}
