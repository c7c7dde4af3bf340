import type { Place } from '../problem.ts';

/** A place in the lock of a cluster. */
export function lockPlace(cluster: string, path = ''): Place {
  return { of: `clusters/${cluster}/pki.lock.yaml`, path };
}

/** The keystore of a cluster. */
export function keystorePlace(cluster: string): Place {
  return { of: `clusters/${cluster}/pki.keystore.age`, path: '' };
}

/** The command that mends most of what can be wrong here. */
export function issueCommand(cluster: string, options = ''): string {
  return `kubewright pki issue ${cluster}${options === '' ? '' : ` ${options}`}`;
}
