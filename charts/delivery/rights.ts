import type { Job } from 'kubernetes-types/batch/v1';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import type { ClusterRole, ClusterRoleBinding, PolicyRule } from 'kubernetes-types/rbac/v1';
import { digestOf } from '../../lib/constructs/digest.ts';
import { configFile, configMount, emptyMount, pkiFile, secretMount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { podDefaults, requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import { clusterRole, clusterRoleBinding, rule, user } from '../../lib/constructs/rbac.ts';
import type { JsonObject, JsonValue, Manifest } from '../../lib/model/manifest.ts';
import { DELIVERY, kubeconfigSecret, labelsOf, MANAGED_BY, PATHS, PRIORITY_CLASSES, serviceHost, SERVICES } from '../../lib/model/names.ts';
import { givesRights, type ResolvedClusterDelivery } from '../../lib/model/resolved-delivery.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { resourceOf, tenantKinds } from './kinds.ts';

const NAME = 'delivery-rights';
const FILE = 'rights.yaml';
const CACHE = '/tmp';
const RBAC = 'rbac.authorization.k8s.io';
const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/**
 * Lets the tool into the cluster. A new API server knows nobody but `system:masters`, whose rights nobody can take away
 * again; so a Job with the certificate that stays in this namespace gives the tool what it needs, and nothing else.
 */
export function rightsObjects(cluster: ResolvedCluster, tenant: readonly Manifest[]): KubernetesObject[] {
  const { delivery } = cluster;
  if (delivery === null || !givesRights(cluster)) return [];
  const text = [role(tenant), binding(delivery)].map((object) => toYaml(object as unknown as JsonValue)).join('---\n');
  const config: ConfigMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata(cluster, NAME), data: { [FILE]: text } };
  return [config, rightsJob(cluster, delivery, text)];
}

const metadata = (cluster: ResolvedCluster, name: string) => ({ name, namespace: cluster.namespace, labels: labelsOf(cluster.name, NAME) });

function binding({ argocd, flux }: ResolvedClusterDelivery): ClusterRoleBinding {
  const users = [...(argocd === null ? [] : [DELIVERY.argocd.user]), ...(flux === null ? [] : [DELIVERY.flux.user])];
  return clusterRoleBinding(DELIVERY.role, MANAGED_BY, DELIVERY.role, users.map(user));
}

const role = (tenant: readonly Manifest[]): ClusterRole => clusterRole(DELIVERY.role, MANAGED_BY, rulesFor(tenant));

/** Every kind that is applied, and the roles that bindings name: whoever binds one must be allowed to, or have all that is in it. */
export function rulesFor(tenant: readonly Manifest[]): PolicyRule[] {
  const kinds = tenantKinds(tenant).map(({ group, kind }) => ({ group, resource: resourceOf({ group, kind }, tenant) }));
  const groups = [...new Set(kinds.map(({ group }) => group))];
  return [
    ...groups.map((group) => rule(VERBS, kinds.filter((kind) => kind.group === group).map(({ resource }) => resource).sort(), [], group)),
    rule(['escalate'], ['clusterroles', 'roles'], [], RBAC),
    ...(['ClusterRole', 'Role'] as const).flatMap((kind) => {
      const names = boundRoles(tenant, kind);
      return names.length === 0 ? [] : [rule(['bind'], [`${kind.toLowerCase()}s`], names, RBAC)];
    }),
  ];
}

function boundRoles(tenant: readonly Manifest[], kind: string): string[] {
  const named = tenant.map(({ roleRef }) => roleRef as JsonObject | undefined).filter((ref) => ref?.['kind'] === kind).map((ref) => String(ref?.['name']));
  return [...new Set(named)].sort();
}

/**
 * Its digest is in its name: what changes is another Job. There is no time after which it goes, since what is gone is
 * applied again, and it gives up late: one that failed for good would stand there, and nobody would make it anew.
 */
function rightsJob(cluster: ResolvedCluster, { rights }: ResolvedClusterDelivery, text: string): Job {
  const mounts = [configMount(NAME, PATHS.config), secretMount(SECRET), emptyMount('cache', CACHE, '64Mi')];
  const spec = {
    ...podDefaults(cluster, PRIORITY_CLASSES.controlPlane),
    restartPolicy: 'OnFailure',
    volumes: mounts.flatMap(({ volume }) => volume ?? []),
    containers: [{
      name: 'apply',
      image: rights.image,
      imagePullPolicy: cluster.images.pullPolicy,
      command: ['kubectl'],
      args: argsFor(cluster),
      resources: requirementsOf(rights.resources),
      securityContext: RESTRICTED,
      volumeMounts: mounts.map(({ mount }) => mount),
    }],
  };
  const template = { metadata: { labels: labelsOf(cluster.name, NAME) }, spec };
  const name = `${NAME}-${digestOf([template, text]).slice(0, 8)}`;
  return { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata(cluster, name), spec: { backoffLimit: 1000, template } };
}

const SECRET = kubeconfigSecret('super-admin');

/** The kubeconfig leads to the endpoint outside; the Job stays inside. */
function argsFor(cluster: ResolvedCluster): string[] {
  const server = `https://${serviceHost(cluster, SERVICES.apiserver)}:${cluster.components.apiserver.securePort}`;
  return [
    `--kubeconfig=${pkiFile(SECRET, 'kubeconfig')}`, `--server=${server}`, `--cache-dir=${CACHE}`,
    'apply', '--server-side', '--force-conflicts', '--field-manager=kubewright', `--filename=${configFile(FILE)}`,
  ];
}
