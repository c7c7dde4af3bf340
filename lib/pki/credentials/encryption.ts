import { toYaml } from '../../yaml/serialize.ts';
import type { ResolvedCluster } from '../../model/resolved.ts';

/**
 * EncryptionConfiguration: written with the first provider, read with any. `identity` is among them so that what was written
 * before encryption can still be read, and first for what is not encrypted yet. A pattern may have what is named by itself
 * before it, never after it. The API server loads it again when it changes.
 */
export function encryptionConfiguration(cluster: ResolvedCluster, key: { readonly name: string; readonly secret: string } | null): string {
  const { encryption } = cluster;
  if (encryption.provider === 'none') throw new Error(`${cluster.name} encrypts nothing and asks for an EncryptionConfiguration`);
  const provider = encryption.provider === 'kms'
    ? { kms: { apiVersion: 'v2', ...encryption.kms } }
    : { [encryption.provider]: { keys: [{ name: key?.name ?? '', secret: key?.secret ?? '' }] } };
  const entries = [
    { resources: [...encryption.resources], providers: [provider, { identity: {} }] },
    { resources: 'readable' in encryption ? [...encryption.readable] : [], providers: [{ identity: {} }, provider] },
  ];
  return toYaml({
    apiVersion: 'apiserver.config.k8s.io/v1',
    kind: 'EncryptionConfiguration',
    resources: entries.filter(({ resources }) => resources.length > 0),
  });
}
