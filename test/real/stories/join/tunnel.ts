import { deepEqual, equal, match } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { explainPods, podsOf, rolledOut } from '../../clusters/workloads.ts';
import { until } from '../../host/until.ts';
import type { Desk, Lab } from '../../story.ts';
import { CLIENT, NAMESPACE, WEB_PORT, webPods } from './pods.ts';

const AGENTS = 'k8s-app=konnectivity-agent';

/** The API server reaches nodes by tunnels. */
export const checkTunnel = (lab: Pick<Desk, 'say'> & Pick<Lab, 'meta'>, plane: ControlPlane): Promise<void> => checkWay(lab, plane, 'the tunnel');

/** Whatever the API server dials itself: kubelets, and the API that is served by a Pod. */
export async function checkWay({ meta, say }: Pick<Desk, 'say'> & Pick<Lab, 'meta'>, plane: ControlPlane, way: string): Promise<void> {
  const { cluster, kubectl } = plane;
  for (const { metadata } of await webPods(plane)) {
    const pod = metadata?.name ?? '';
    match(await kubectl.run(['-n', NAMESPACE, 'logs', pod]), /serving/);
    equal((await kubectl.run(['-n', NAMESPACE, 'exec', pod, '--', 'busybox', 'hostname'])).trim(), pod);
    equal((await forward(meta, plane, pod)).trim(), pod);
  }
  const nodes = (await kubectl.names('nodes')).map((name) => name.replace('node/', '')).sort();
  const measured = async (): Promise<string[]> => (await kubectl.run(['top', 'nodes', '--no-headers'])).trim().split('\n').map((line) => line.split(/\s+/)[0] ?? '').sort();
  await until(`metrics of ${nodes.join(', ')}`, 180, async () => (await measured()).join() === nodes.join(), () => explainPods(kubectl, 'kube-system'));
  say(`${cluster.name}: logs, exec, port-forward and metrics of ${nodes.length} nodes come through ${way}`);
}

/** kubectl takes a free port and says which, before it takes connections there. It would end if nobody read what it says later. */
const FORWARD = `pod=$1 port=$2 said=/run/forward-$$; shift 2
mkfifo "$said"
"$@" port-forward --address 127.0.0.1 "pod/$pod" ":$port" > "$said" & forwarder=$!
trap 'kill $forwarder; rm "$said"' EXIT
exec 3< "$said"
read -r _ _ address _ <&3
curl --silent --show-error --fail --max-time 60 "http://$address/"`;

/** What a Pod answers on a port of the machine where kubectl runs. */
const forward = (meta: Lab['meta'], { kubectl }: ControlPlane, pod: string): Promise<string> =>
  meta.machines[0].run(['sh', '-c', FORWARD, 'sh', pod, String(WEB_PORT), ...kubectl.command]);

/** Ends the API servers one after another, their ends of the tunnel with them: agents find the new ones by themselves. */
export async function survivesServers({ meta, say }: Lab, plane: ControlPlane): Promise<void> {
  const { cluster: { namespace }, kubectl } = plane;
  const before = await agents(plane);
  for (const { metadata } of await podsOf(meta.kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver')) {
    await meta.kubectl.run(['-n', namespace, 'delete', 'pod', metadata?.name ?? '']);
    await rolledOut(meta.kubectl, namespace, 'deployment/kube-apiserver');
    const works = async (): Promise<boolean> => {
      const answers = await Promise.all(Array.from({ length: 9 }, () => kubectl.attempt(['-n', NAMESPACE, 'exec', `deployment/${CLIENT}`, '--', 'sh', '-c', ':'])));
      return answers.every(({ code }) => code === 0);
    };
    await until('each of nine commands in a Pod is run, by whichever API server', 60, works, () => explainPods(kubectl, 'kube-system'));
  }
  deepEqual(await agents(plane), before, 'agents, and restarts in them');
  say(`every API server was replaced${before.length === 0 ? '' : ', its end of the tunnel with it; the agents are the same'}`);
}

async function agents({ kubectl }: ControlPlane): Promise<string[]> {
  const pods = await podsOf(kubectl, 'kube-system', AGENTS);
  return pods.map(({ metadata, status }) => `${metadata?.uid ?? ''} ${status?.containerStatuses?.[0]?.restartCount ?? ''}`).sort();
}
