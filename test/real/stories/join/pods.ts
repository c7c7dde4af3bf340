import { deepEqual } from 'node:assert/strict';
import type { Deployment } from 'kubernetes-types/apps/v1';
import type { Pod, PodSpec, Service } from 'kubernetes-types/core/v1';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { explainPods, podsOf, rolledOut } from '../../clusters/workloads.ts';
import { until } from '../../host/until.ts';
import type { Desk, Lab } from '../../story.ts';

const [WEB_IMAGE, CLIENT_IMAGE] = ['docker.io/library/busybox:1.35', 'docker.io/curlimages/curl:8.16.0'];

/** What the Pods of this story are made of, beside what the compiler names. */
export const IMAGES = [WEB_IMAGE, CLIENT_IMAGE];

export const [NAMESPACE, WEB, CLIENT] = ['default', 'web', 'client'];
export const WEB_PORT = 8080;

const SERVE = `busybox mkdir -p /tmp/www; echo "$HOSTNAME" > /tmp/www/index.html; echo serving; exec busybox httpd -f -p ${WEB_PORT} -h /tmp/www`;

/** One web server a node, a Service for them all, and a Pod to ask from. */
export async function runPods({ kubectl }: ControlPlane, nodes: number): Promise<void> {
  const objects = [web(nodes), service, client()];
  await kubectl.run(['apply', '-f', '-'], { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) });
  await rolledOut(kubectl, NAMESPACE, `deployment/${WEB}`);
  await rolledOut(kubectl, NAMESPACE, `deployment/${CLIENT}`);
}

function deployment(name: string, replicas: number, spec: PodSpec): Deployment {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1', kind: 'Deployment',
    metadata: { name, namespace: NAMESPACE },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { ...spec, terminationGracePeriodSeconds: 1 } } },
  };
}

const web = (replicas: number): Deployment => deployment(WEB, replicas, {
  containers: [{ name: WEB, image: WEB_IMAGE, command: ['sh', '-c', SERVE], readinessProbe: { httpGet: { path: '/', port: WEB_PORT }, periodSeconds: 1 } }],
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: WEB } } }] } },
});

const client = (): Deployment => deployment(CLIENT, 1, { containers: [{ name: CLIENT, image: CLIENT_IMAGE, command: ['sh', '-c', 'while :; do sleep 3600; done'] }] });

const service: Service = {
  apiVersion: 'v1', kind: 'Service',
  metadata: { name: WEB, namespace: NAMESPACE },
  spec: { selector: { app: WEB }, ports: [{ port: 80, targetPort: WEB_PORT }] },
};

export const webPods = ({ kubectl }: ControlPlane): Promise<Pod[]> => podsOf(kubectl, NAMESPACE, `app=${WEB}`);

/** A name of the cluster's DNS leads to the Service, and the Service to a Pod of every node. */
export async function checkServices({ say }: Pick<Desk, 'say'> & Pick<Lab, 'meta'>, plane: ControlPlane): Promise<void> {
  const { cluster, kubectl } = plane;
  const url = `http://${WEB}.${NAMESPACE}.svc.${cluster.network.dnsDomain}/`;
  const names = (await webPods(plane)).map(({ metadata }) => metadata?.name ?? '').sort();
  const answered = new Set<string>();
  let complaint = '';
  await until(`every one of ${names.join(', ')} answers as ${url}`, 60, async () => {
    const { code, out, complaint: why } = await kubectl.attempt(['-n', NAMESPACE, 'exec', `deployment/${CLIENT}`, '--', 'curl', '-sS', '--max-time', '5', url]);
    if (code === 0) answered.add(out.trim());
    complaint = why;
    return answered.size >= names.length;
  }, async () => `${[...answered].join(', ')} answered. ${complaint}\n${await explainPods(kubectl, 'kube-system')}`);
  deepEqual([...answered].sort(), names, 'Pods that the Service leads to');
  say(`${cluster.name}: DNS answers, and the Service leads to a Pod on each of ${names.length} nodes`);
}
