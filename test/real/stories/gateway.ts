import { equal, match, notEqual } from 'node:assert/strict';
import { inClusterOf } from '../../../lib/model/resolved-endpoint.ts';
import { answersByName, applyControlPlane, removeControlPlane, type ControlPlane } from '../clusters/control-plane.ts';
import { installGateway, removeGateway, routesTaken } from '../clusters/gateway.ts';
import { differencesTo } from '../clusters/kubectl.ts';
import { applyTenant, endNodes, hideFrom, invite, joinNode, startNode, tenantStages } from '../clusters/node.ts';
import { explainPods, rolledOut } from '../clusters/workloads.ts';
import type { Machine } from '../host/machines.ts';
import { until } from '../host/until.ts';
import type { Lab, Story } from '../story.ts';
import { checkOwnApi, leadsToOwnApi } from './join/own-api.ts';
import { checkServices, CLIENT, IMAGES, NAMESPACE, runPods } from './join/pods.ts';
import { checkTunnel, survivesServers } from './join/tunnel.ts';

/** The Gateway's address, which is that of every cluster behind it. */
const ADDRESS = '10.239.0.140';
const AGENT = 'daemonset/kube-apiserver-proxy';

interface Cluster {
  readonly plane: ControlPlane;
  readonly machine: Machine;
}

/** A real Gateway (Traefik) with one address, and two clusters behind it. */
export const story: Story = {
  name: 'gateway',
  shows: 'clusters behind one Gateway are told apart by name: machines join, tunnels stand, and Pods reach their own API as kubernetes.default, while API servers and agents are replaced',
  byNameOnly: true,
  modules: ['traefik', 'ghostunnel', 'flannel', 'flannel-cni-plugin', 'metrics-server'],
  clusters: ['gateway-one', 'gateway-two'],
  tell: async (lab) => {
    const { meta } = lab;
    await installGateway(meta, ADDRESS);
    const one = await begin(lab, 'gateway-one', '10.239.0.141');
    const two = await begin(lab, 'gateway-two', '10.239.0.142');
    for (const { plane } of [one, two]) {
      await checkServices(lab, plane);
      await checkTunnel(lab, plane);
      await leadsToOwnApi(lab, plane);
      await speaksToItself(lab, plane);
      await needsName(lab, plane);
    }
    await checkOwnApi(lab, one.plane, () => survivesServers(lab, one.plane));
    await checkOwnApi(lab, one.plane, () => replaceAgents(lab, one.plane));
    await agentComesBack(lab, one);
    await addressComesBack(lab, one);
    for (const { plane } of [one, two]) await nothingDiffers(lab, plane);
    await endNodes(meta, [one.machine, two.machine]);
    for (const { plane } of [one, two]) await removeControlPlane(meta, plane);
    await removeGateway(meta);
  },
};

/** A control plane behind the Gateway, and a machine that joins it by the Gateway's address alone. */
async function begin(lab: Lab, name: string, address: string): Promise<Cluster> {
  const { meta, say } = lab;
  const plane = await applyControlPlane(meta, name);
  await routesTaken(meta, plane.cluster.namespace);
  await answersByName(meta, plane);
  const machine = await startNode(meta, plane, { name: `${name}-1`, address, kubelet: plane.cluster.minor }, IMAGES);
  await hideFrom(meta, machine);
  await applyTenant(meta, plane);
  await joinNode(meta, plane, machine, (await invite(plane)).args);
  await runPods(plane, 1);
  await rolledOut(plane.kubectl, 'kube-system', AGENT);
  say(`${name}: a machine joined by ${plane.cluster.endpoint.host}:${plane.cluster.endpoint.port}, and runs Pods`);
  return { plane, machine };
}

const inPod = ({ kubectl }: ControlPlane, command: string): ReturnType<ControlPlane['kubectl']['attempt']> =>
  kubectl.attempt(['-n', NAMESPACE, 'exec', `deployment/${CLIENT}`, '--', 'sh', '-c', command]);

/** Nobody on the way opens the connection: a Pod is shown the certificate of the API server itself. */
async function speaksToItself({ say }: Lab, plane: ControlPlane): Promise<void> {
  const { out } = await inPod(plane, `curl --silent --insecure --output /dev/null --write-out '%{certs}' --max-time 5 https://kubernetes.default.svc/version`);
  match(out, /^Subject:\s*CN\s*=\s*kube-apiserver$/m);
  say(`${plane.cluster.name}: a Pod is shown the API server's own certificate`);
}

/** Without the agent, a connection to the Gateway's address has no name: whoever answers is not the API server, whose certificate has the address. */
async function needsName({ say }: Lab, plane: ControlPlane): Promise<void> {
  const { code } = await inPod(plane, `curl --silent --cacert /var/run/secrets/kubernetes.io/serviceaccount/ca.crt --max-time 5 https://${ADDRESS}/livez`);
  notEqual(code, 0);
  say(`${plane.cluster.name}: without a name no API server answers a Pod at the Gateway's address`);
}

/** The next agent listens before the one that it replaces ends. */
async function replaceAgents({ say, figure }: Lab, { kubectl }: ControlPlane): Promise<void> {
  const names = (): Promise<string[]> => kubectl.names('-n', 'kube-system', 'pods', '-l', 'k8s-app=kube-apiserver-proxy');
  const before = await names();
  await kubectl.run(['-n', 'kube-system', 'rollout', 'restart', AGENT]);
  figure('agents', 'replaced (s)', await rolledOut(kubectl, 'kube-system', AGENT));
  await until('the old agents are gone', 60, async () => (await names()).every((name) => !before.includes(name)), () => explainPods(kubectl, 'kube-system'));
  equal((await names()).length, before.length);
  say('every agent was replaced');
}

const KILL_AGENT = `for process in /proc/[0-9]*; do
  if tr '\\0' ' ' < "$process/cmdline" 2>&1 | grep -q '^ghostunnel client '; then kill -KILL "\${process#/proc/}"; fi
done`;

/** One that is killed leaves behind what the next one would stumble over. */
async function agentComesBack({ say, figure }: Lab, { plane, machine }: Cluster): Promise<void> {
  const { kubectl } = plane;
  const restarts = (): Promise<string> => kubectl.run(['-n', 'kube-system', 'get', 'pods', '-l', 'k8s-app=kube-apiserver-proxy', '-o', 'jsonpath={.items[*].status.containerStatuses[*].restartCount}']);
  equal(await restarts(), '0');
  await machine.run(['sh', '-c', KILL_AGENT]);
  const isBack = async (): Promise<boolean> => (await restarts()) === '1' && (await kubectl.attempt(['-n', 'kube-system', 'wait', '--for=condition=Ready', '--timeout=1s', 'pods', '-l', 'k8s-app=kube-apiserver-proxy'])).code === 0;
  figure('an agent that was killed', 'is back (s)', await until('the agent is back', 120, isBack, () => explainPods(kubectl, 'kube-system')));
  await isAnswered(plane);
  say('an agent that was killed began again');
}

const isAnswered = (plane: ControlPlane): Promise<number> =>
  until('Pods are answered', 60, async () => (await inPod(plane, 'curl --silent --insecure --fail --output /dev/null --max-time 5 https://kubernetes.default.svc/livez')).code === 0, () => explainPods(plane.kubectl, 'kube-system'));

/** Whoever tidies the addresses of a machine takes the API from its Pods for some seconds, no longer. */
async function addressComesBack({ say, figure }: Lab, { plane, machine }: Cluster): Promise<void> {
  const address = `${inClusterOf(plane.cluster.endpoint)?.address ?? ''}/32`;
  await machine.run(['ip', 'address', 'delete', address, 'dev', 'lo']);
  const isBack = async (): Promise<boolean> => (await machine.run(['ip', '-o', 'address', 'show', 'to', address])) !== '';
  figure('the address on a node', 'is back (s)', await until('the address is back', 60, isBack, () => explainPods(plane.kubectl, 'kube-system')));
  await isAnswered(plane);
  say('an address that was taken off a node came back by itself');
}

/** The state of an API that a Pod serves is written while it comes and goes: once it is there, nobody writes. */
async function nothingDiffers({ meta, say }: Lab, { cluster, kubectl }: ControlPlane): Promise<void> {
  await kubectl.run(['wait', '--for=condition=Available', '--timeout=60s', 'apiservice/v1beta1.metrics.k8s.io']);
  equal(await differencesTo(kubectl, tenantStages(meta, cluster).flatMap(({ files }) => [...files])), '');
  say(`${cluster.name}: nothing inside differs from what was compiled`);
}
