import type { Manifest } from '../../lib/model/manifest.ts';
import { DELIVERY, MANAGED_BY, serviceHost, SERVICES } from '../../lib/model/names.ts';
import type { ResolvedTool } from '../../lib/model/resolved-delivery.ts';
import { discoveryBundle } from '../../lib/pki/credentials/discovery.ts';
import { certificateOf, valueOf } from '../../lib/pki/plan.ts';
import { isPruned, isTenantPart, partFolder, PARTS, type PartName } from '../parts.ts';
import { application, appProject, IN_CLUSTER, LAST_WAVE } from './argocd.ts';
import { clusterKindsOf, manifestsIn, tenantClusterKinds, tenantManifests } from './kinds.ts';
import { deliveryLabels, goesWithItsFiles, suspensionOf, type Delivered } from './names.ts';

/** What replaces something goes before what it replaces. */
const OPTIONS: Readonly<Partial<Record<PartName, readonly string[]>>> = { 'control-plane': ['PruneLast=true'] };

/** One cluster for Argo CD: an Application a part, what they may do, and how the cluster is reached. */
export function argocdCluster(delivered: Delivered, { namespace }: ResolvedTool): Manifest[] {
  const present = PARTS.filter((part) => delivered.charts.some(({ spec }) => spec.part === part));
  return [...projects(delivered, namespace), ...present.map((part) => partApplication(delivered, namespace, part)), registration(delivered, namespace)];
}

const projectOf = (cluster: string, part: PartName): string => `${cluster}-${isTenantPart(part) ? 'tenant' : 'control-plane'}`;

function partApplication(delivered: Delivered, namespace: string, part: PartName): Manifest {
  const { cluster, delivery } = delivered;
  const isTenant = isTenantPart(part);
  const goes = goesWithItsFiles(cluster);
  return application(delivery, namespace, {
    name: `${cluster.name}-${part}`,
    owner: cluster.name,
    part,
    project: projectOf(cluster.name, part),
    folder: partFolder(cluster, part),
    destination: isTenant ? { name: cluster.name } : { name: IN_CLUSTER, namespace: cluster.namespace },
    prune: isPruned(part),
    options: OPTIONS[part] ?? [],
    suspended: suspensionOf(delivered, isTenant),
    // What is inside goes with the etcd that it lies in.
    cascade: goes && !isTenant,
  });
}

function projects({ cluster, delivery, charts }: Delivered, namespace: string): Manifest[] {
  const hosted = manifestsIn(charts, ({ part }) => !isTenantPart(part));
  return [
    appProject(delivery, namespace, {
      name: projectOf(cluster.name, 'control-plane'), owner: cluster.name, description: `The control plane of ${cluster.name}.`,
      destinations: [{ name: IN_CLUSTER, namespace: cluster.namespace }], clusterKinds: clusterKindsOf(hosted), kinds: null,
    }),
    appProject(delivery, namespace, {
      name: projectOf(cluster.name, 'tenant'), owner: cluster.name, description: `What belongs inside ${cluster.name}.`,
      destinations: [{ name: cluster.name, namespace: '*' }], clusterKinds: tenantClusterKinds(tenantManifests(charts)), kinds: null,
    }),
  ];
}

/** A Go template inside JSON: a raw string needs no quotes that JSON would escape. */
const KEY = '{{ index . `tls.key` | b64enc }}';

const toBase64 = (text: string): string => Buffer.from(text).toString('base64');

/**
 * How Argo CD knows the cluster: a Secret that the Sealed Secrets controller puts together, for nothing else in it is
 * secret but the key. It dials the API servers inside the meta cluster.
 */
function registration({ cluster, lock }: Delivered, namespace: string): Manifest {
  const name = DELIVERY.argocd.secretOf(cluster.name);
  const { certificate, sealed } = certificateOf(lock, 'argocd');
  const labels = deliveryLabels(cluster.name);
  const tlsClientConfig = { insecure: false, caData: toBase64(discoveryBundle(lock)), certData: toBase64(certificate), keyData: KEY };
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { name, namespace, labels, annotations: LAST_WAVE },
    spec: {
      encryptedData: { 'tls.key': valueOf(sealed) },
      template: {
        type: 'Opaque',
        metadata: { labels: { ...labels, ...MANAGED_BY, 'argocd.argoproj.io/secret-type': 'cluster' } },
        data: {
          name: cluster.name,
          server: `https://${serviceHost(cluster, SERVICES.apiserver)}:${cluster.components.apiserver.securePort}`,
          config: JSON.stringify({ tlsClientConfig }),
        },
      },
    },
  };
}
