import { publicKeyDigest } from '../pki/digest.ts';
import type { Problem } from '../problem.ts';
import type { ApiAccess } from './access.ts';

/** What was asked of which cluster. */
interface Asked {
  readonly cluster: string;
  readonly authorities: readonly string[];
  readonly path: string;
  /** Where another kubeconfig comes from, when not from `pki kubeconfig`. */
  readonly newKubeconfig?: string;
}

type Words = Pick<Problem, 'code' | 'what' | 'why' | 'fix'>;

const NEW_KUBECONFIG = (cluster: string): string => `make a new one: \`kubewright pki kubeconfig ${cluster} admin --identity FILE --out FILE\`.`;

/** What an answer other than success means. */
export function statusProblem(status: number, message: string, access: ApiAccess, asked: Omit<Asked, 'authorities'>): Problem {
  return { severity: 'error', at: { of: access.file, path: '' }, ...wordsOf(status, message.trim().replace(/\.$/, ''), access, asked) };
}

function wordsOf(status: number, message: string, { server }: ApiAccess, { cluster, path, newKubeconfig = NEW_KUBECONFIG(cluster) }: Omit<Asked, 'authorities'>): Words {
  const said = message === '' ? '' : `: ${message}`;
  if (status === 401) {
    return { code: 'api/unauthorized', what: `${server.origin} does not know who asks${said}.`, why: 'the certificate or token of the kubeconfig has ended, or is of another cluster.', fix: newKubeconfig };
  }
  if (status === 403) {
    return { code: 'api/forbidden', what: `${server.origin} does not let the user of the kubeconfig do this${said}.`, why: `whoever makes objects in ${path} needs the right to create them.`, fix: newKubeconfig };
  }
  if (status === 409 && message.startsWith('Apply failed')) {
    return { code: 'api/refused', what: `${server.origin} answers 409${said}.`, why: 'somebody else manages these fields, and would write them again.', fix: 'find who does (`kubectl get --show-managed-fields`), and let one of the two go.' };
  }
  return { code: 'api/refused', what: `${server.origin} answers ${status}${said}.`, why: 'nothing was made.', fix: 'look whether the control plane is healthy, then run the command again.' };
}

/** Codes of OpenSSL for a certificate that another authority has signed. */
const OTHER_AUTHORITY: readonly string[] = [
  'CERT_SIGNATURE_FAILURE', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** What a connection that failed means. */
export function failureProblem(cause: unknown, access: ApiAccess, { cluster, newKubeconfig = NEW_KUBECONFIG(cluster) }: Pick<Asked, 'cluster' | 'newKubeconfig'>): Problem {
  const code = codeOf(cause);
  if (OTHER_AUTHORITY.includes(code)) return wrongCluster(access, { cluster, newKubeconfig }, `${access.server.origin} shows a certificate of another authority than ${cluster}'s.`);
  const at = { of: access.file, path: 'clusters: server' };
  const reason = cause instanceof Error && cause.message !== '' ? cause.message : code;
  if (code.startsWith('CERT_') || code.startsWith('ERR_TLS_CERT')) {
    return { code: 'api/certificate', severity: 'error', at, what: `The certificate that ${access.server.origin} shows does not do: ${reason}.`, why: 'somebody else could stand between.', fix: 'reach the API server by a name of its certificate, or put that name into `tls-server-name`; renew the certificate if it has ended.' };
  }
  return { code: 'api/unreachable', severity: 'error', at, what: `${access.server.origin} cannot be reached: ${code === 'ABORT_ERR' ? 'no answer in 30 seconds' : reason}.`, why: 'the cluster\'s API has to take the object.', fix: 'run it from where the API server can be reached, or without `--kubeconfig` and apply what it prints from there.' };
}

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '');

/** Whether a kubeconfig is of another cluster. One that names no authority is told by the server's certificate. */
export function checkCluster(access: ApiAccess, { cluster, authorities }: Pick<Asked, 'cluster' | 'authorities'>): Problem[] {
  if (access.authorities === null) return [];
  const trusted = certificatesIn(access.authorities).flatMap(digestOf);
  const known = authorities.flatMap(digestOf);
  return trusted.some((digest) => known.includes(digest)) ? [] : [wrongCluster(access, { cluster, newKubeconfig: NEW_KUBECONFIG(cluster) }, `The kubeconfig does not trust the authority of ${cluster}.`)];
}

const certificatesIn = (pem: string): readonly string[] => pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];

/** By its key, which an authority keeps when it is issued again. */
function digestOf(pem: string): string[] {
  try {
    return [publicKeyDigest(pem)];
  } catch {
    return [];
  }
}

/** A kubeconfig that leads elsewhere. */
export function wrongCluster(access: ApiAccess, { cluster, newKubeconfig }: Required<Pick<Asked, 'cluster' | 'newKubeconfig'>>, what: string): Problem {
  return {
    code: 'api/wrong-cluster', severity: 'error', at: { of: access.file, path: '' }, what,
    why: `it leads to another cluster, or to a ${cluster} that was made anew with other authorities.`,
    fix: `pass a kubeconfig of ${cluster}, or ${newKubeconfig}`,
  };
}
