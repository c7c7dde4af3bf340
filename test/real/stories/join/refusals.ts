import { createHash } from 'node:crypto';
import { match, notEqual } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { tryKubeadm } from '../../clusters/kubeadm.ts';
import { endNodes, invite, startNode, type Invitation } from '../../clusters/node.ts';
import type { Machine } from '../../host/machines.ts';
import { until } from '../../host/until.ts';
import { run } from '../../host/command.ts';
import type { Lab } from '../../story.ts';

const KUBELET = ['--kubeconfig', '/etc/kubernetes/kubelet.conf'];

/** Who may not join, and what a node may not do to another. */
export async function checkRefusals(lab: Lab, plane: ControlPlane, first: Machine, second: Machine): Promise<void> {
  const { meta, say } = lab;
  const stranger = await startNode(meta, plane, { name: 'stranger', address: '10.239.0.39', kubelet: plane.cluster.minor }, []);
  const { token, args } = await invite(plane);
  const [id = '', secret = ''] = token.split('.');
  const wrong = `${id}.${createHash('sha256').update(secret).digest('hex').slice(0, 16)}`;
  const invitation = { token, args };
  await refused(plane, stranger, { ...invitation, token: wrong }, /could not validate|signature|JWS/i);
  await refused(plane, stranger, { token, args: args.map((word) => (word.startsWith('sha256:') ? `sha256:${'0'.repeat(64)}` : word)) }, /none of the public keys|pinned/i);
  await plane.kubectl.run(['-n', 'kube-system', 'patch', 'secret', `bootstrap-token-${id}`, '-p', JSON.stringify({ stringData: { expiration: '2020-01-01T00:00:00Z' } })]);
  await until('the expired token is gone', 60, async () => (await plane.kubectl.attempt(['-n', 'kube-system', 'get', 'secret', `bootstrap-token-${id}`])).code !== 0, () => 'the token cleaner leaves it');
  await refused(plane, stranger, invitation, /JWS|could not find/i);
  await endNodes(meta, [stranger]);
  say('a wrong token, an expired one and a false pin are refused');
  await identityIsOwn(lab, plane, first, second);
}

/** kubeadm tries again for five minutes by itself, as its file may say otherwise. */
async function refused({ cluster }: ControlPlane, machine: Machine, { token, args }: Invitation, reason: RegExp): Promise<void> {
  const config = {
    apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'JoinConfiguration', timeouts: { discovery: '10s', tlsBootstrap: '10s' },
    discovery: { bootstrapToken: { token, apiServerEndpoint: args[0], caCertHashes: args.filter((word) => word.startsWith('sha256:')) } },
  };
  await machine.run(['sh', '-c', 'cat > /run/join.yaml'], { input: JSON.stringify(config) });
  const { code, complaint } = await tryKubeadm(machine, cluster.minor, 'join', '--config', '/run/join.yaml');
  notEqual(code, 0, 'kubeadm join');
  match(complaint, reason);
}

/** By its own certificate a node neither changes another node, nor is given its identity. */
async function identityIsOwn({ say }: Lab, { kubectl }: ControlPlane, first: Machine, second: Machine): Promise<void> {
  const program = kubectl.command[0] ?? '';
  const asFirst = (...args: readonly string[]) => first.attempt([program, ...KUBELET, ...args]);
  match((await asFirst('label', 'node', second.name, 'taken=over')).complaint, /forbidden/i);
  match((await asFirst('-n', 'kube-system', 'get', 'secrets')).complaint, /forbidden/i);
  const key = ['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '/dev/null', '-subj', `/O=system:nodes/CN=system:node:${second.name}`];
  const request = Buffer.from(await run(key)).toString('base64');
  const csr = {
    apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name: 'another-identity' },
    spec: { request, signerName: 'kubernetes.io/kube-apiserver-client-kubelet', usages: ['digital signature', 'client auth'] },
  };
  const { code, complaint } = await first.attempt([program, ...KUBELET, 'create', '-f', '-'], { input: JSON.stringify(csr) });
  if (code !== 0) match(complaint, /forbidden/i);
  else await until('the request waits for somebody to approve it', 30, async () => (await kubectl.run(['get', 'csr', 'another-identity', '-o', 'jsonpath={.metadata.name}{.status}'])) === 'another-identity{}', () => kubectl.run(['get', 'csr']));
  say('a node has no other identity than its own');
}
