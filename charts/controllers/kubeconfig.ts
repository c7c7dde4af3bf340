import { pkiFile, trustFile } from '../../lib/constructs/mounts.ts';
import { apiserverServiceFor, serviceHost, SERVICES, TLS } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { kubeconfigWithFiles } from '../../lib/pki/credentials/kubeconfig.ts';
import type { Minor } from '../../lib/versions/minor.ts';

/**
 * A kubeconfig that names files: it holds no secret, and a renewed certificate is read without a restart. The server is
 * the Service of the component's own minor; the certificate is that of the API server in general.
 */
export function componentKubeconfig(cluster: ResolvedCluster, user: string, secret: string, minor: Minor): string {
  return kubeconfigWithFiles({
    cluster: cluster.name,
    server: `https://${serviceHost(cluster, apiserverServiceFor(minor))}:${cluster.components.apiserver.securePort}`,
    tlsServerName: serviceHost(cluster, SERVICES.apiserver),
    user,
    caFile: trustFile('server-ca'),
    certFile: pkiFile(secret, TLS.certificate),
    keyFile: pkiFile(secret, TLS.key),
  });
}
