import type { Secret } from '../pki/secret.ts';

/** How to reach an API server, and as whom: what a kubeconfig says, read and judged. */
export interface ApiAccess {
  /** The kubeconfig, for messages. */
  readonly file: string;
  readonly server: URL;
  /** Name to expect in the server's certificate when it is not that of `server`. */
  readonly serverName: string | null;
  /** PEM of the authorities that the kubeconfig trusts; null when it leaves that to the machine. */
  readonly authorities: string | null;
  readonly certificate: { readonly pem: string; readonly key: Secret } | null;
  readonly token: Secret | null;
}
