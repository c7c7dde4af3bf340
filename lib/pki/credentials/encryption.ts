import { toYaml } from '../../yaml/serialize.ts';
import type { ResolvedCluster } from '../../model/resolved.ts';

/**
 * EncryptionConfiguration: written with the first provider, read with any, and `identity` last so that what was written
 * before encryption can still be read. The API server loads it again when it changes.
 */
export function encryptionConfiguration(cluster: ResolvedCluster, key: { readonly name: string; readonly secret: string } | null): string {
  const { encryption } = cluster;
  if (encryption.provider === 'none') throw new Error(`${cluster.name} encrypts nothing and asks for an EncryptionConfiguration`);
  const provider = encryption.provider === 'kms'
    ? { kms: { apiVersion: 'v2', ...encryption.kms } }
    : { [encryption.provider]: { keys: [{ name: key?.name ?? '', secret: key?.secret ?? '' }] } };
  return toYaml({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: [{ resources: [...encryption.resources], providers: [provider, { identity: {} }] }],
  });
}
