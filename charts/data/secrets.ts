import type { ConfigMap } from 'kubernetes-types/core/v1';
import { holdsState } from '../../lib/constructs/protect.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { isKubeconfigSecret, KUBECONFIG_KEYS, labelsOf, TLS, TRUST } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { discoveryBundle } from '../../lib/pki/credentials/discovery.ts';
import { encryptionConfiguration } from '../../lib/pki/credentials/encryption.ts';
import { clientTarget, kubeconfigTemplate } from '../../lib/pki/credentials/kubeconfig.ts';
import { isSops, type CertificateLock, type KeyLock, type PkiLock, type Sealed } from '../../lib/pki/plan.ts';
import { sopsSecret } from '../../lib/constructs/sops-secret.ts';

/** Trust in the open, keys sealed: every Secret of a control plane as whoever opens it will make it. */
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

/** With the Sealed Secrets controller only the key is sealed; certificate and kubeconfig stay legible for the review. */
function certificateSecret(cluster: ResolvedCluster, lock: PkiLock, issued: CertificateLock): KubernetesObject {
  const kubeconfig = isKubeconfigSecret(issued.spec.secret) ? { [KUBECONFIG_KEYS.people]: kubeconfigOf(cluster, lock, issued) } : null;
  return secret(cluster, issued.spec.secret, {
    sealed: issued.sealed,
    data: { [TLS.certificate]: issued.certificate, ...kubeconfig },
    type: kubeconfig === null ? 'kubernetes.io/tls' : 'Opaque',
    state: isAuthority(issued),
  });
}

function kubeconfigOf(cluster: ResolvedCluster, lock: PkiLock, issued: CertificateLock): string {
  return kubeconfigTemplate({
    ...clientTarget(cluster, issued.spec.commonName),
    caPem: discoveryBundle(lock),
    certPem: issued.certificate,
    keyTemplate: `{{ index . "${TLS.key}" | b64enc }}`,
  });
}

function keySecret(cluster: ResolvedCluster, key: KeyLock): KubernetesObject {
  const data = key.kind === 'serviceAccount'
    ? { 'sa.pub': key.publicKey }
    : { 'encryption.yaml': encryptionConfiguration(cluster, { name: key.name, secret: `{{ index . "${key.name}" }}` }) };
  return secret(cluster, key.sealed.secret, { sealed: key.sealed, data, type: 'Opaque', state: true });
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

interface SecretSpec {
  readonly sealed: Sealed | null;
  /** Public values; texts that the controller runs as templates over the opened keys. */
  readonly data: Readonly<Record<string, string>>;
  readonly type: string;
  /** Whether a loss of it is a loss of the cluster: then nothing deletes it, not even its SealedSecret. */
  readonly state: boolean;
}

/** Without an owner the controller takes the Secret for somebody else's, and never writes it again, unless it is told that it is its own. */
const UNOWNED = { 'sealedsecrets.bitnami.com/managed': 'true', 'sealedsecrets.bitnami.com/skip-set-owner-references': 'true' } as const;

function secret(cluster: ResolvedCluster, name: string, { sealed, data, type, state }: SecretSpec): KubernetesObject {
  const labels = labelsOf(cluster.name, name);
  const own = { name, namespace: cluster.namespace, labels };
  const metadata = state ? holdsState(cluster, own) : own;
  if (sealed !== null && isSops(sealed)) return sopsSecret(metadata, type, sealed);
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata,
    spec: {
      encryptedData: sealed === null ? {} : { [sealed.key]: sealed.value },
      template: {
        type,
        metadata: state ? holdsState(cluster, { labels, annotations: UNOWNED }) : { labels },
        data,
      },
    },
  } as KubernetesObject;
}
