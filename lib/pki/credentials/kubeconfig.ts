import { DELIVERY, serviceHost, SERVICES } from '../../model/names.ts';
import type { ResolvedCluster } from '../../model/resolved.ts';
import { toYaml } from '../../yaml/serialize.ts';
import { Secret } from '../secret.ts';

/** What every kubeconfig says: which cluster, where, and as whom. */
export interface KubeconfigTarget {
  readonly cluster: string;
  readonly server: string;
  /** Name to expect in the server's certificate when it is not the server's address. */
  readonly tlsServerName?: string;
  readonly user: string;
}

/** For whoever is outside the control plane: the API server by the name that everybody knows. */
export const clientTarget = ({ name, endpoint }: ResolvedCluster, user: string): KubeconfigTarget =>
  ({ cluster: name, server: `https://${endpoint.host}:${endpoint.port}`, user });

/** For Flux, which dials the API servers inside the meta cluster. */
export const fluxTarget = (cluster: ResolvedCluster): KubeconfigTarget =>
  ({ cluster: cluster.name, server: `https://${serviceHost(cluster, SERVICES.apiserver)}:${cluster.components.apiserver.securePort}`, user: DELIVERY.flux.user });

/** Where a component finds what it needs. */
export interface CredentialFiles {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** What is written out; the key is a Go template. */
export interface PublicCredentials {
  readonly caPem: string;
  readonly certPem: string;
  readonly keyTemplate?: string;
}

/** Key of a Secret template: the client key, once the controller has opened it. */
const CLIENT_KEY_TEMPLATE = '{{ index . "tls.key" | b64enc }}';

/**
 * A kubeconfig without secrets: it names files, so it can stand in a ConfigMap, and a renewed certificate is used
 * without a restart.
 */
export function kubeconfigWithFiles(target: KubeconfigTarget & CredentialFiles): string {
  const { caFile, certFile, keyFile } = target;
  return kubeconfig(target, { 'certificate-authority': caFile }, { 'client-certificate': certFile, 'client-key': keyFile });
}

/**
 * A whole kubeconfig as a Go template for `SealedSecret.spec.template.data`. The Sealed Secrets controller puts the
 * key in; until then the text holds none.
 */
export function kubeconfigTemplate(target: KubeconfigTarget & PublicCredentials): string {
  const { caPem, certPem, keyTemplate = CLIENT_KEY_TEMPLATE } = target;
  return kubeconfigWithData(target, { authorities: toBase64(caPem), certificate: toBase64(certPem), key: keyTemplate });
}

/** The same of what is in base64 already, or will be. */
export function kubeconfigWithData(target: KubeconfigTarget, { authorities, certificate, key }: Readonly<Record<'authorities' | 'certificate' | 'key', string>>): string {
  return kubeconfig(target, { 'certificate-authority-data': authorities }, { 'client-certificate-data': certificate, 'client-key-data': key });
}

/** What is handed out whole. */
export interface OwnCredentials {
  readonly caPem: string;
  readonly certPem: string;
  readonly key: Secret;
}

/** A kubeconfig with the private key in it. */
export function kubeconfigWithKey({ caPem, certPem, key, ...target }: KubeconfigTarget & OwnCredentials): Secret {
  return new Secret(kubeconfigTemplate({ ...target, caPem, certPem, keyTemplate: toBase64(key.reveal()) }));
}

type Fields = Readonly<Record<string, string>>;

function kubeconfig({ cluster, server, tlsServerName, user }: KubeconfigTarget, authority: Fields, client: Fields): string {
  const name = `${user}@${cluster}`;
  const serverName = tlsServerName === undefined ? {} : { 'tls-server-name': tlsServerName };
  return toYaml({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: { server, ...serverName, ...authority } }],
    users: [{ name: user, user: client }],
    contexts: [{ name, context: { cluster, user } }],
    'current-context': name,
  });
}

function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
