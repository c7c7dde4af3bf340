import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import type { SopsSecret } from '../pki/plan.ts';
import type { KubernetesObject } from './place.ts';

/** The release whose format this is; older ones do not know a code over encrypted values alone. */
const VERSION = '3.11.0';

/** A Secret as SOPS writes it. Flux opens it before it is applied; the API server would refuse `sops`. */
export function sopsSecret(metadata: ObjectMeta, type: string, { data, age, lastModified, mac }: SopsSecret): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    type,
    data: { ...data },
    sops: { age: age.map((each) => ({ ...each })), encrypted_regex: '^(data|stringData)$', lastmodified: lastModified, mac, mac_only_encrypted: true, version: VERSION },
  } as KubernetesObject;
}
