import { deepEqual, equal, match } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { Machine } from '../../host/machines.ts';
import type { Lab } from '../../story.ts';
import { NAMESPACE, WEB } from './pods.ts';

/** Whether a node's kernel leads to Services, by each way in which kube-proxy can tell it. */
const SERVICES: Readonly<Record<string, (machine: Machine) => Promise<boolean>>> = {
  iptables: async ({ run }) => /^:KUBE-SVC-/m.test(await run(['iptables-nft-save', '-t', 'nat'])),
  ipvs: async ({ attempt }) => /^TCP /m.test((await attempt(['cat', '/proc/net/ip_vs'])).out),
  nftables: async ({ attempt }) => new RegExp(`chain service-\\S*-${NAMESPACE}/${WEB}/`).test((await attempt(['nft', 'list', 'table', 'ip', 'kube-proxy'])).out),
};

/** What the kernels of a cluster's nodes were told, and by whom: kube-proxy in its mode only, and the network as defined. */
export async function checkNetwork(lab: Pick<Lab, 'meta' | 'say'>, plane: ControlPlane, machines: readonly Machine[]): Promise<void> {
  const { name, network: { cni, kubeProxy } } = plane.cluster;
  for (const machine of machines) {
    for (const [mode, leads] of Object.entries(SERVICES)) equal(await leads(machine), mode === kubeProxy?.mode, `Services by ${mode} on ${machine.name}`);
  }
  if (cni.type === 'flannel') await checkOverlay(lab, plane, machines);
  lab.say(`${name}: Services are reached by ${kubeProxy?.mode ?? 'nobody'}, and Pods by ${cni.type}`);
}

/** Only flannel leads from one node to Pods of another, and no machine of the meta cluster knows of them. */
async function checkOverlay({ meta }: Pick<Lab, 'meta'>, { cluster: { network } }: ControlPlane, machines: readonly Machine[]): Promise<void> {
  const pods = network.pods[0] ?? '';
  for (const machine of machines) {
    match(await machine.run(['ip', '-details', 'link', 'show', 'flannel.1']), new RegExp(`vxlan id 1 local ${machine.address} dev eth0 `));
    deepEqual(await devicesTo(pods, machine), ['cni0', ...machines.slice(1).map(() => 'flannel.1')], `routes to Pods on ${machine.name}`);
    equal((await machine.run(['ls', '/etc/cni/net.d'])).trim(), '10-flannel.conflist');
  }
  for (const machine of meta.machines) deepEqual(await devicesTo(pods, machine), [], `routes to Pods on ${machine.name}`);
}

/** The devices of every route into a range, sorted. */
const devicesTo = async (range: string, { run }: Machine): Promise<string[]> =>
  [...(await run(['ip', 'route', 'show', 'root', range])).matchAll(/ dev (\S+)/g)].map(([, device = '']) => device).sort();
