import { deepEqual, equal, ok } from 'node:assert/strict';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import { advertisedOf } from '../../../../lib/model/resolved-endpoint.ts';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { explainPods, isReady, podsOf, rolledOut } from '../../clusters/workloads.ts';
import { until } from '../../host/until.ts';
import type { Desk, Lab } from '../../story.ts';
import { CLIENT, IMAGES, NAMESPACE } from './pods.ts';

const NAME = 'asks-its-own-api';
const IDENTITY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Asks on a connection of its own, and prints what it was answered. */
const ASK = `curl --silent --show-error --output /dev/null --write-out '%{http_code}\\n' --max-time 5 --cacert ${IDENTITY}/ca.crt \\
  --header "Authorization: Bearer $(cat ${IDENTITY}/token)" https://kubernetes.default.svc/version 2>&1`;

/** What that name leads to is the address that is advertised, or where there is none the API servers' own; and a Pod is answered. */
export async function leadsToOwnApi({ meta, say }: Pick<Desk, 'say'> & Pick<Lab, 'meta'>, { cluster, kubectl }: ControlPlane): Promise<void> {
  const { endpoint, namespace } = cluster;
  const advertised = advertisedOf(endpoint);
  const servers = (await podsOf(meta.kubectl, namespace, 'app.kubernetes.io/name=kube-apiserver')).filter(isReady).map(({ status }) => status?.podIP);
  const { items } = await kubectl.get<{ readonly items: readonly EndpointSlice[] }>('-n', 'default', 'endpointslices', '-l', 'kubernetes.io/service-name=kubernetes');
  const places = items.flatMap(({ endpoints = [] }) => endpoints.flatMap(({ addresses }) => addresses));
  deepEqual(places.sort(), advertised === null ? servers.sort() : [advertised.address]);
  equal(await kubectl.run(['-n', NAMESPACE, 'exec', `deployment/${CLIENT}`, '--', 'sh', '-c', ASK]), '200\n');
  say(`${cluster.name}: a Pod reaches its own API by kubernetes.default, exposed by ${endpoint.expose.type}`);
}

/** A Pod with nothing but its own service account reaches its API by the Service, while something happens to the API servers. */
export async function checkOwnApi({ say }: Lab, { kubectl }: ControlPlane, meanwhile: () => Promise<void>): Promise<void> {
  await kubectl.run(['-n', NAMESPACE, 'create', 'deployment', NAME, `--image=${IMAGES[1] ?? ''}`, '--', 'sh', '-c', `while :; do ${ASK}; sleep 0.2; done`]);
  await rolledOut(kubectl, NAMESPACE, `deployment/${NAME}`);
  const answers = async (): Promise<string[]> => (await kubectl.run(['-n', NAMESPACE, 'logs', `deployment/${NAME}`, '--tail=-1'])).trim().split('\n');
  const more = async (than: number): Promise<void> => void await until('its own API answered a Pod again', 60, async () => (await answers()).length > than + 10, () => explainPods(kubectl, NAMESPACE));
  await more(0);
  await meanwhile();
  await more((await answers()).length);
  const all = await answers();
  deepEqual(all.filter((answer) => answer !== '200'), [], 'answers to a Pod that asks its own API');
  ok(all.length > 30, `a Pod asked only ${all.length} times`);
  await kubectl.run(['-n', NAMESPACE, 'delete', 'deployment', NAME]);
  say(`a Pod asked its own API ${all.length} times by kubernetes.default, and was answered each time`);
}
