import type { Kubectl } from './kubectl.ts';
import type { Machine } from '../host/machines.ts';
import { until } from '../host/until.ts';
import { explainNodes } from './workloads.ts';

/** The file of a machine that says what its Pods' network is. */
export const POD_NETWORK = '/etc/cni/net.d/10-pods.conflist';

const OWN_RANGE = 'jsonpath={.spec.podCIDR}';

/** What a network without an overlay needs: a bridge for each machine's Pods, and routes between machines. */
export async function connectPods(machines: readonly Machine[], kubectl: Kubectl): Promise<void> {
  const ranges = await routePods(machines, kubectl);
  for (const [machine, range] of ranges) await machine.run(['tee', POD_NETWORK], { input: pluginsFor(range) });
}

/** What is told of routes: a machine, or the network between machines. */
export type Neighbour = Pick<Machine, 'run'>;

/** Routes to these machines' Pods, for themselves and for neighbours, as a VPC's route table has them; gives each machine's range. */
export async function routePods(machines: readonly Machine[], kubectl: Kubectl, neighbours: readonly Neighbour[] = []): Promise<ReadonlyMap<Machine, string>> {
  const ranges = await rangesOf(machines, kubectl);
  for (const machine of [...machines, ...neighbours]) {
    for (const [other, range] of ranges) if (other !== machine) await machine.run(['ip', 'route', 'replace', range, 'via', other.address]);
  }
  return ranges;
}

/** The range of each machine's Pods, as soon as it has one. */
export async function rangesOf(machines: readonly Machine[], kubectl: Kubectl): Promise<ReadonlyMap<Machine, string>> {
  const ranges = new Map<Machine, string>();
  for (const machine of machines) ranges.set(machine, await rangeOf(machine, kubectl));
  return ranges;
}

async function rangeOf(machine: Machine, kubectl: Kubectl): Promise<string> {
  let range = '';
  const given = async (): Promise<boolean> => (range = await kubectl.run(['get', 'node', machine.name, '-o', OWN_RANGE])) !== '';
  await until(`${machine.name} has a Pod range`, 60, given, () => explainNodes(kubectl));
  return range;
}

function pluginsFor(subnet: string): string {
  return JSON.stringify({
    cniVersion: '1.0.0',
    name: 'pods',
    plugins: [
      {
        type: 'bridge', bridge: 'cni0', isGateway: true, ipMasq: false, hairpinMode: true,
        ipam: { type: 'host-local', ranges: [[{ subnet }]], routes: [{ dst: '0.0.0.0/0' }] },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
}
