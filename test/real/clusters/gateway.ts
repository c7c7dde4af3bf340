import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1';
import type { Service } from 'kubernetes-types/core/v1';
import { buildModule } from '../binaries/build.ts';
import { TRAEFIK_IMAGE } from '../host/images.ts';
import { provideImages } from '../host/machines.ts';
import { until } from '../host/until.ts';
import type { Kubectl } from './kubectl.ts';
import type { MetaCluster } from './meta.ts';
import { explainPods, rolledOut } from './workloads.ts';

/** The Gateway of the stories: what `endpoint.expose.gateway` of their clusters names. */
export const [NAMESPACE, GATEWAY, LISTENER] = ['ingress', 'control-planes', 'tls'];

const NAME = 'traefik';
/** Where Traefik listens, for it is not root. */
const PORT = 8443;
const LABELS = { app: NAME } as const;
const GROUP = 'gateway.networking.k8s.io';
const KINDS = ['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'tcproutes', 'tlsroutes', 'referencegrants', 'backendtlspolicies', 'listenersets'];

/**
 * Traefik as a Gateway that passes TLS through by server name, at an address of the network and its port 443.
 * https://doc.traefik.io/traefik/reference/install-configuration/providers/kubernetes/kubernetes-gateway/
 */
export async function installGateway({ machines, kubectl }: MetaCluster, address: string): Promise<void> {
  const crds = join(await buildModule('traefik'), 'crds');
  const definitions = readdirSync(crds).filter((name) => !name.includes('_vap_')).map((name) => join(crds, name));
  await Promise.all(machines.map((machine) => provideImages(machine, [TRAEFIK_IMAGE])));
  await kubectl.run(['apply', '--server-side', ...definitions.flatMap((file) => ['-f', file])]);
  await kubectl.run(['wait', '--for=condition=Established', '--timeout=60s', ...definitions.flatMap((file) => ['-f', file])]);
  await kubectl.run(['apply', '--server-side', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects() }) });
  await kubectl.run(['-n', NAMESPACE, 'patch', 'service', NAME, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status: { loadBalancer: { ingress: [{ ip: address }] } } })]);
  await rolledOut(kubectl, NAMESPACE, `deployment/${NAME}`);
  const state = (): Promise<string> => conditionsOf(kubectl, 'gateway', GATEWAY, NAMESPACE, '{.status.conditions[*]}');
  await until('the Gateway is programmed', 60, async () => /"Programmed"/.test(await state()) && !/"False"/.test(await state()), () => explainPods(kubectl, NAMESPACE));
}

/** Takes it away; the kinds stay. */
export async function removeGateway({ kubectl, keeps }: MetaCluster): Promise<void> {
  if (keeps) return;
  await kubectl.run(['delete', 'namespace', NAMESPACE, '--wait=false']);
  await kubectl.run(['delete', 'gatewayclass,clusterrole,clusterrolebinding', '-l', 'app=traefik']);
}

/** Waits until the Gateway has taken each route of a control plane, and found what it leads to. */
export async function routesTaken({ kubectl }: MetaCluster, namespace: string): Promise<void> {
  const { items } = await kubectl.get<{ readonly items: readonly { readonly metadata: { readonly name: string } }[] }>('-n', namespace, 'tlsroutes');
  for (const { metadata: { name } } of items) {
    const state = (): Promise<string> => conditionsOf(kubectl, 'tlsroute', name, namespace, '{.status.parents[*].conditions[*]}');
    const isTaken = async (): Promise<boolean> => /"Accepted"/.test(await state()) && /"ResolvedRefs"/.test(await state()) && !/"False"/.test(await state());
    await until(`the Gateway has taken ${name} of ${namespace}`, 60, isTaken, state);
  }
}

const conditionsOf = (kubectl: Kubectl, kind: string, name: string, namespace: string, path: string): Promise<string> =>
  kubectl.run(['-n', namespace, 'get', kind, name, '-o', `jsonpath=${path}`]);

const objects = (): object[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE } },
  ...rights(),
  { apiVersion: `${GROUP}/v1`, kind: 'GatewayClass', metadata: { name: NAME, labels: LABELS }, spec: { controllerName: 'traefik.io/gateway-controller' } },
  {
    apiVersion: `${GROUP}/v1`, kind: 'Gateway', metadata: { name: GATEWAY, namespace: NAMESPACE },
    spec: {
      gatewayClassName: NAME,
      listeners: [{ name: LISTENER, port: PORT, protocol: 'TLS', hostname: '*.test', tls: { mode: 'Passthrough' }, allowedRoutes: { namespaces: { from: 'All' } } }],
    },
  },
  service,
  deployment,
];

/** As its authors list them. */
function rights(): object[] {
  const rules = [
    { apiGroups: [''], resources: ['namespaces', 'services', 'secrets', 'configmaps', 'nodes'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
    { apiGroups: [GROUP], resources: KINDS, verbs: ['get', 'list', 'watch'] },
    { apiGroups: [GROUP], resources: KINDS.map((kind) => `${kind}/status`), verbs: ['update'] },
  ];
  const apiGroup = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: `${apiGroup}/v1`, kind: 'ClusterRole', metadata: { name: NAME, labels: LABELS }, rules },
    {
      apiVersion: `${apiGroup}/v1`, kind: 'ClusterRoleBinding', metadata: { name: NAME, labels: LABELS },
      roleRef: { apiGroup, kind: 'ClusterRole', name: NAME }, subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
  ];
}

const service: Service = {
  apiVersion: 'v1', kind: 'Service', metadata: { name: NAME, namespace: NAMESPACE },
  spec: { type: 'LoadBalancer', selector: LABELS, ports: [{ name: 'tls', port: 443, targetPort: PORT, protocol: 'TCP' }] },
};

const deployment: Deployment = {
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: NAME, namespace: NAMESPACE },
  spec: {
    replicas: 1, selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        serviceAccountName: NAME,
        terminationGracePeriodSeconds: 1,
        securityContext: { runAsNonRoot: true, runAsUser: 65532 },
        containers: [{
          name: NAME, image: TRAEFIK_IMAGE,
          args: [
            `--entrypoints.tls.address=:${PORT}`, '--entrypoints.ping.address=:8080', '--ping=true', '--ping.entrypoint=ping',
            '--providers.kubernetesgateway=true', '--global.checknewversion=false', '--global.sendanonymoususage=false', '--log.level=INFO',
          ],
          readinessProbe: { httpGet: { path: '/ping', port: 8080 }, periodSeconds: 1 },
        }],
      },
    },
  },
};
