import { toYaml } from '../yaml/serialize.ts';
import { Secret } from './secret.ts';

/** What every kubeconfig says: which cluster, where, and as whom. */
export interface KubeconfigTarget {
  readonly cluster: string;
  readonly server: string;
  /** Name to expect in the server's certificate when it is not the server's address. */
  readonly tlsServerName?: string;
  readonly user: string;
}

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
  const client = { 'client-certificate-data': toBase64(certPem), 'client-key-data': keyTemplate };
  return kubeconfig(target, { 'certificate-authority-data': toBase64(caPem) }, client);
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
