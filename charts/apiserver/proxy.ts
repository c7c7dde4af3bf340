import { always, argumentsOf, type Flag } from '../../lib/constructs/flags.ts';
import { pkiFile, secretMount } from '../../lib/constructs/mounts.ts';
import { probe, type ContainerSpec } from '../../lib/constructs/pod.ts';
import { APISERVER_PROXY, PORTS, TLS } from '../../lib/model/names.ts';
import { everywhere } from '../../lib/net.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedInCluster } from '../../lib/model/resolved-endpoint.ts';

const SERVING = 'apiserver-proxy';

/** Name of the port to which the Gateway leads what agents on the nodes send. */
export const PROXY_PORT = 'proxy';

const FLAGS: readonly Flag<ResolvedCluster>[] = [
  { name: 'listen', value: ({ meta }) => `${everywhere(meta.pods)}:${PORTS.apiserverProxy}` },
  { name: 'target', value: ({ components }) => `127.0.0.1:${components.apiserver.securePort}` },
  always('cert', pkiFile(SERVING, TLS.certificate)),
  always('key', pkiFile(SERVING, TLS.key)),
  always('timed-reload', '1h'),
  // It is ended after the API server, when nobody is left to talk to.
  always('shutdown-timeout', '5s'),
  { name: 'status', value: ({ meta }) => `http://${everywhere(meta.pods)}:${PORTS.apiserverProxyStatus}` },
  // By default it tells of every connection.
  always('quiet', 'conns'),
];

/**
 * Takes the connections of Pods out of those in which the agents of their nodes carry them, and hands them to the API server
 * beside it as they were: from the Pod to the API server nobody else reads them.
 * https://ghostunnel.dev
 */
export const proxySidecar = (cluster: ResolvedCluster, { image, resources }: ResolvedInCluster): ContainerSpec => ({
  name: APISERVER_PROXY,
  image,
  // It leads where everybody may knock: who a client is, the API server asks in the connection that is carried.
  command: ['ghostunnel', 'server', '--disable-authentication'],
  args: argumentsOf(FLAGS, cluster, {}),
  env: [],
  ports: { [PROXY_PORT]: PORTS.apiserverProxy, 'proxy-status': PORTS.apiserverProxyStatus },
  // Its status would be that of the API server, which is asked itself.
  probes: { livenessProbe: probe('/_metrics', 'proxy-status', 'HTTP', { periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 }) },
  resources,
  mounts: [secretMount(SERVING)],
});
