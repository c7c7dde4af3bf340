import { isKubeconfigSecret, KUBECONFIG_KEYS, TLS } from '../../model/names.ts';
import type { ResolvedCluster } from '../../model/resolved.ts';
import { encryptionConfiguration } from './encryption.ts';
import { clientTarget, fluxTarget, kubeconfigWithData, type KubeconfigTarget } from './kubeconfig.ts';
import type { CertificateSpec, Contents, KeySpec } from '../plan.ts';
import { Secret } from '../secret.ts';

/** What issuing knows and a plan does not; `base64` of it where a kubeconfig wants that. */
export interface Filling {
  readonly key: Secret;
  /** Of a certificate's Secret. */
  readonly certificate?: string;
  /** Whom a client is to trust for the API server. */
  readonly authorities?: string | undefined;
  /** The public half of a key without a certificate. */
  readonly publicKey?: string;
}

const MARK = /\{\{ (\w+)( \| base64)? \}\}/g;
const mark = (name: keyof Filling, filter: '' | ' | base64' = ''): string => `{{ ${name}${filter} }}`;

/** Whether a Secret says whom to trust for the API server. */
export const namesAuthorities = (contents: Contents): boolean => Object.values(contents).some((text) => text.includes(mark('authorities', ' | base64')));

/** All that a certificate's Secret holds, for SOPS encrypts a Secret as a whole. */
export function certificateContents(cluster: ResolvedCluster, { secret, namespace, commonName }: CertificateSpec): Contents {
  if (namespace !== undefined) return { [KUBECONFIG_KEYS.flux]: kubeconfigWithMarks(fluxTarget(cluster)) };
  const pair = { [TLS.certificate]: mark('certificate'), [TLS.key]: mark('key') };
  return isKubeconfigSecret(secret) ? { ...pair, [KUBECONFIG_KEYS.people]: kubeconfigWithMarks(clientTarget(cluster, commonName)) } : pair;
}

/** The same for a key without a certificate. */
export function keyContents(cluster: ResolvedCluster, { kind, name }: KeySpec): Contents {
  return kind === 'serviceAccount'
    ? { 'sa.key': mark('key'), 'sa.pub': mark('publicKey') }
    : { 'encryption.yaml': encryptionConfiguration(cluster, { name, secret: mark('key') }) };
}

const kubeconfigWithMarks = (target: KubeconfigTarget): string =>
  kubeconfigWithData(target, { authorities: mark('authorities', ' | base64'), certificate: mark('certificate', ' | base64'), key: mark('key', ' | base64') });

/** Puts what was issued in the place of every mark. */
export function fillContents(contents: Contents, filling: Filling): ReadonlyMap<string, Secret> {
  const known: Readonly<Record<string, string | undefined>> = { ...filling, key: filling.key.reveal() };
  return new Map(Object.entries(contents).map(([key, text]) => [key, new Secret(text.replace(MARK, (_, name: string, filter: string | undefined) => {
    const value = known[name];
    if (value === undefined) throw new Error(`unreachable: nothing is known to put in the place of ${name}`);
    return filter === undefined ? value : Buffer.from(value).toString('base64');
  }))]));
}
