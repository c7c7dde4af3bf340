import type { Service, ServicePort, ServiceSpec } from 'kubernetes-types/core/v1';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { APISERVER_PROXY, apiserverServiceFor, labelsOf, PORTS, selectorOf, servesLabel, SERVICES } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { ResolvedExpose } from '../../lib/model/resolved-endpoint.ts';
import { minorsServedBy } from '../../lib/versions/skew.ts';
import { AGENTS_PORT } from './konnectivity.ts';
import { PROXY_PORT } from './proxy.ts';

const NAME = 'kube-apiserver';

type Gateway = Extract<ResolvedExpose, { type: 'gateway' }>['gateway'];

/** How the API server is reached: by its own components, by each minor of them, and from outside. */
export function apiserverServices(cluster: ResolvedCluster): KubernetesObject[] {
  return [insideService(cluster, SERVICES.apiserver, {}), ...skewServices(cluster), outsideService(cluster), ...routes(cluster)];
}

const httpsPort = (port: number) => ({ name: 'https', port, protocol: 'TCP', targetPort: 'https' as const });

const service = (cluster: ResolvedCluster, name: string, annotations: Readonly<Record<string, string>>, spec: ServiceSpec): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name, namespace: cluster.namespace, labels: labelsOf(cluster.name, NAME),
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  },
  spec,
});

/** Headless: a client dials a ready Pod itself, and another one when that is gone. */
function insideService(cluster: ResolvedCluster, name: string, labels: Readonly<Record<string, string>>): Service {
  return service(cluster, name, {}, {
    clusterIP: 'None',
    selector: { ...selectorOf(cluster.name, NAME), ...labels },
    ports: [httpsPort(cluster.components.apiserver.securePort)],
  });
}

/**
 * One for each minor of controller-manager and scheduler that may talk to these API servers, and it reaches no other
 * ones: a component that is a minor ahead waits, by itself, until there is an API server for it, and during a rollout it
 * never meets one that is too old. The version skew policy as Services.
 */
const skewServices = (cluster: ResolvedCluster): Service[] =>
  minorsServedBy(cluster.components.apiserver.minor).map((minor) => insideService(cluster, apiserverServiceFor(minor), { [servesLabel(minor)]: 'true' }));

function outsideService(cluster: ResolvedCluster): Service {
  const { endpoint, components } = cluster;
  const { expose } = endpoint;
  const selector = selectorOf(cluster.name, NAME);
  const ports = [httpsPort(endpoint.port), ...agentPorts(cluster)];
  switch (expose.type) {
    case 'loadBalancer':
      return service(cluster, SERVICES.apiserverExternal, expose.annotations, {
        type: 'LoadBalancer', selector, ports,
        ...(endpoint.address === null ? {} : { loadBalancerIP: endpoint.address }),
        ...(expose.class === null ? {} : { loadBalancerClass: expose.class }),
        ...(expose.sourceRanges.length === 0 ? {} : { loadBalancerSourceRanges: [...expose.sourceRanges] }),
      });
    case 'nodePort':
      return service(cluster, SERVICES.apiserverExternal, {}, {
        type: 'NodePort', selector, ports: [{ ...httpsPort(components.apiserver.securePort), nodePort: expose.nodePort }, ...agentPorts(cluster)],
      });
    case 'dnsRoundRobin':
      return service(cluster, SERVICES.apiserverExternal, externalDns(endpoint.host, expose.ttl), { clusterIP: 'None', selector, ports });
    case 'gateway':
      return service(cluster, SERVICES.apiserverExternal, {}, { type: 'ClusterIP', selector, ports: [...ports, PROXY] });
  }
}

/** Beside the API's own port, for agents on the nodes. Node port and gateway translate what is dialled outside. */
function agentPorts({ endpoint: { expose }, nodes: { access } }: ResolvedCluster): ServicePort[] {
  if (access.type !== 'konnectivity') return [];
  const isTranslated = expose.type === 'nodePort' || expose.type === 'gateway';
  return [{
    name: AGENTS_PORT, port: isTranslated ? access.podPort : access.port, protocol: 'TCP', targetPort: AGENTS_PORT,
    ...(access.nodePort === null ? {} : { nodePort: access.nodePort }),
  }];
}

const PROXY: ServicePort = { name: PROXY_PORT, port: PORTS.apiserverProxy, protocol: 'TCP', targetPort: PROXY_PORT };

const externalDns = (host: string, ttl: number): Record<string, string> => ({
  'external-dns.alpha.kubernetes.io/hostname': host,
  'external-dns.alpha.kubernetes.io/ttl': String(ttl),
});

/** A shared Gateway passes TLS through by server name: one address for many clusters, and for API, Pods and tunnels of each. */
function routes(cluster: ResolvedCluster): KubernetesObject[] {
  const { endpoint: { expose, host, port }, nodes: { access } } = cluster;
  if (expose.type !== 'gateway') return [];
  return [
    route(cluster, expose.gateway, { name: NAME, host, port }),
    route(cluster, expose.gateway, { name: APISERVER_PROXY, host: expose.inCluster.host, port: PORTS.apiserverProxy }),
    ...(access.type === 'konnectivity' ? [route(cluster, expose.gateway, { name: 'konnectivity', host: access.host, port: access.podPort })] : []),
  ];
}

function route(cluster: ResolvedCluster, { namespace, name, listener }: Gateway, to: { readonly name: string; readonly host: string; readonly port: number }): KubernetesObject {
  return {
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'TLSRoute',
    metadata: { name: to.name, namespace: cluster.namespace, labels: labelsOf(cluster.name, NAME) },
    spec: {
      hostnames: [to.host],
      parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace, name, ...(listener === null ? {} : { sectionName: listener }) }],
      rules: [{ backendRefs: [{ group: '', kind: 'Service', name: SERVICES.apiserverExternal, port: to.port, weight: 1 }] }],
    },
  } as KubernetesObject;
}
