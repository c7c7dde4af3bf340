import type { ConfigMap } from 'kubernetes-types/core/v1';
import { holdsState } from '../../lib/constructs/protect.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { labelsOf, TLS, TRUST } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { discoveryBundle } from '../../lib/pki/discovery.ts';
import { kubeconfigTemplate } from '../../lib/pki/kubeconfig.ts';
import type { CertificateLock, KeyLock, PkiLock } from '../../lib/pki/plan.ts';
import { encryptionConfiguration } from './encryption.ts';

/** Trust in the open, keys sealed: every Secret of a control plane as the Sealed Secrets controller will make it. */
export function secretObjects(cluster: ResolvedCluster, lock: PkiLock): KubernetesObject[] {
  return [
    trust(cluster, lock),
    ...lock.certificates.filter(({ sealed, spec }) => sealed !== null && spec.namespace === undefined).map((issued) => certificateSecret(cluster, lock, issued)),
    ...lock.keys.map((key) => keySecret(cluster, key)),
    ...(cluster.encryption.provider === 'kms' ? [plainEncryption(cluster)] : []),
  ];
}

const isAuthority = (issued: CertificateLock): boolean => issued.spec.issuer === null;

/** Public certificates of all authorities: a list for each, so that a second one can be trusted beside the first. */
function trust(cluster: ResolvedCluster, lock: PkiLock): ConfigMap {
  const bundles = lock.certificates.filter(isAuthority).map(({ spec, certificate }) => [`${spec.name}.crt`, certificate]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: TRUST, namespace: cluster.namespace, labels: labelsOf(cluster.name, TRUST) },
    data: Object.fromEntries(bundles),
  };
}

/** Only the key is sealed; certificate and kubeconfig stay legible for the review. */
function certificateSecret(cluster: ResolvedCluster, lock: PkiLock, issued: CertificateLock): KubernetesObject {
  const kubeconfig = isKubeconfig(issued) ? { kubeconfig: kubeconfigOf(cluster, lock, issued) } : null;
  return sealedSecret(cluster, issued.spec.secret, {
    keys: { [TLS.key]: issued.sealed?.value ?? '' },
    data: { [TLS.certificate]: issued.certificate, ...kubeconfig },
    type: kubeconfig === null ? 'kubernetes.io/tls' : 'Opaque',
    state: isAuthority(issued),
  });
}

/** Identities of people, and of programs outside the control plane, come as a kubeconfig. */
const isKubeconfig = ({ spec }: CertificateLock): boolean => spec.secret.endsWith('-kubeconfig');

function kubeconfigOf(cluster: ResolvedCluster, lock: PkiLock, issued: CertificateLock): string {
  return kubeconfigTemplate({
    cluster: cluster.name,
    server: `https://${cluster.endpoint.host}:${cluster.endpoint.port}`,
    user: issued.spec.commonName,
    caPem: discoveryBundle(lock),
    certPem: issued.certificate,
    keyTemplate: `{{ index . "${TLS.key}" | b64enc }}`,
  });
}

function keySecret(cluster: ResolvedCluster, key: KeyLock): KubernetesObject {
  const data = key.kind === 'serviceAccount'
    ? { 'sa.pub': key.publicKey }
    : { 'encryption.yaml': encryptionConfiguration(cluster, { name: key.name, secret: `{{ index . "${key.sealed.key}" }}` }) };
  return sealedSecret(cluster, key.sealed.secret, { keys: { [key.sealed.key]: key.sealed.value }, data, type: 'Opaque', state: true });
}

/** With a KMS plugin the configuration holds no key; it is a Secret all the same, so that the API server mounts one name. */
function plainEncryption(cluster: ResolvedCluster): ConfigMap {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'encryption', namespace: cluster.namespace, labels: labelsOf(cluster.name, 'encryption') },
    data: { 'encryption.yaml': encryptionConfiguration(cluster, null) },
  };
}

interface Sealed {
  readonly keys: Readonly<Record<string, string>>;
  /** Public values; texts that the controller runs as templates over the opened keys. */
  readonly data: Readonly<Record<string, string>>;
  readonly type: string;
  /** Whether a loss of it is a loss of the cluster: then nothing deletes it, not even its SealedSecret. */
  readonly state: boolean;
}

/** Without an owner the controller takes the Secret for somebody else's, and never writes it again, unless it is told that it is its own. */
const UNOWNED = { 'sealedsecrets.bitnami.com/managed': 'true', 'sealedsecrets.bitnami.com/skip-set-owner-references': 'true' } as const;

function sealedSecret(cluster: ResolvedCluster, name: string, { keys, data, type, state }: Sealed): KubernetesObject {
  const labels = labelsOf(cluster.name, name);
  const metadata = { name, namespace: cluster.namespace, labels };
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: state ? holdsState(cluster, metadata) : metadata,
    spec: {
      encryptedData: keys,
      template: {
        type,
        metadata: state ? holdsState(cluster, { labels, annotations: UNOWNED }) : { labels },
        data,
      },
    },
  } as KubernetesObject;
}
