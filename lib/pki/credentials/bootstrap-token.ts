import { isoSeconds } from '../dates.ts';
import { discoveryPins } from './discovery.ts';
import type { Entropy } from '../issuing/entropy.ts';
import type { PkiLock } from '../plan.ts';
import { Secret } from '../secret.ts';

/** What lets a machine ask for a certificate of its own. It is made when a machine is about to join, and is kept nowhere. */
export interface BootstrapToken {
  /** The public half: it names the Secret. */
  readonly id: string;
  readonly secret: Secret;
  /** From then on the API server refuses it, and the controller-manager deletes its Secret. */
  readonly expires: Date;
  /** For whoever lists the tokens of a cluster. */
  readonly description: string | null;
}

/** What a token is made from. */
export interface TokenOrder {
  readonly now: Date;
  readonly entropy: Entropy;
  readonly seconds: number;
  readonly description: string | null;
}

/** A new token of kubeadm's form: six characters to know it by, sixteen to keep. */
export function makeBootstrapToken({ now, entropy, seconds, description }: TokenOrder): BootstrapToken {
  const text = randomText(22, entropy);
  return { id: text.slice(0, 6), secret: new Secret(text.slice(6)), expires: new Date(now.getTime() + seconds * 1000), description };
}

/** The token as `kubeadm join --token` takes it. */
export const tokenText = ({ id, secret }: BootstrapToken): Secret => new Secret(`${id}.${secret.reveal()}`);

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Each character is as likely as any other: bytes beyond a whole number of alphabets are left out. */
function randomText(length: number, entropy: Entropy): string {
  const usable = 256 - (256 % ALPHABET.length);
  let text = '';
  while (text.length < length) {
    const fair = [...entropy.bytes(length)].filter((byte) => byte < usable);
    text += fair.map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  }
  return text.slice(0, length);
}

/** Where every token of a cluster is. */
export const TOKEN_NAMESPACE = 'kube-system';

/** Nodes are what it may make: the bindings inside the cluster know this group. */
const NODE_GROUP = 'system:bootstrappers:kubeadm:default-node-token';

/** The Secret that makes the token known to a cluster. It holds the token in clear. */
export function bootstrapTokenSecret({ id, secret, expires, description }: BootstrapToken) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: TOKEN_NAMESPACE },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      ...(description === null ? {} : { description }),
      'token-id': id,
      'token-secret': secret.reveal(),
      expiration: isoSeconds(expires),
      'usage-bootstrap-authentication': 'true',
      'usage-bootstrap-signing': 'true',
      'auth-extra-groups': NODE_GROUP,
    },
  };
}

/** What to run on the machine. It holds the token in clear. */
export function joinCommand(endpoint: { readonly host: string; readonly port: number }, token: BootstrapToken, lock: PkiLock): Secret {
  const pins = discoveryPins(lock).map((pin) => `--discovery-token-ca-cert-hash ${pin}`);
  return new Secret(['kubeadm join', `${endpoint.host}:${endpoint.port}`, `--token ${tokenText(token).reveal()}`, ...pins].join(' '));
}
