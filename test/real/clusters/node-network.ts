import { endLan, plugIn, startLan, type Lan, type Machine } from '../host/machines.ts';
import type { MetaCluster } from './meta.ts';

/** The bridge on each machine of the meta cluster that leads into the network, and the machine's own cable behind it. */
export const BRIDGE = 'nodes';
const CABLE = 'eth1';

const [GATEWAY, PREFIX_LENGTH, OUTSIDE] = ['10.250.0.1', 24, '10.239.0.2'];

/** Every address of the network. */
export const NODE_RANGE = `10.250.0.0/${PREFIX_LENGTH}`;

/**
 * A network for nodes only, as a tenant has it: its gateway lets out, in the gateway's own name, and nobody in. The meta
 * cluster's machines have a cable to it and no address there, so neither they nor their Pods reach it by themselves.
 */
export async function startNodeNetwork({ lan: outside, machines }: MetaCluster): Promise<Lan> {
  const lan = await startLan(GATEWAY, PREFIX_LENGTH);
  await plugIn(outside, { name: 'gateway', pid: lan.pid }, 'out');
  await lan.run(['ip', 'address', 'add', `${OUTSIDE}/${outside.prefixLength}`, 'dev', 'out']);
  await lan.run(['ip', 'link', 'set', 'out', 'up']);
  await lan.run(['iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-j', 'MASQUERADE']);
  await lan.run(['iptables', '-A', 'FORWARD', '-i', 'out', '-m', 'conntrack', '--ctstate', 'NEW', '-j', 'DROP']);
  for (const machine of machines) await bridge(lan, machine);
  return lan;
}

async function bridge(lan: Lan, machine: Machine): Promise<void> {
  await plugIn(lan, machine, CABLE);
  await machine.run(['ip', 'link', 'add', BRIDGE, 'type', 'bridge']);
  await machine.run(['ip', 'link', 'set', CABLE, 'master', BRIDGE, 'up']);
  await machine.run(['ip', 'link', 'set', BRIDGE, 'up']);
}

/** Ends it, once no machine and no Pod is in it any more. */
export async function endNodeNetwork({ machines, keeps }: MetaCluster, lan: Lan): Promise<void> {
  if (keeps) return;
  for (const machine of machines) await machine.run(['ip', 'link', 'delete', BRIDGE]);
  endLan(lan);
}

/** What gives a Pod on one machine its address there; no other machine gives the same. Whatever else is in there is reached through the gateway. */
export const bridgeInto = (name: string, routed: readonly string[], machine: number): object => ({
  cniVersion: '1.0.0', name, type: 'bridge', bridge: BRIDGE,
  ipam: {
    type: 'host-local',
    ranges: [[{ subnet: NODE_RANGE, gateway: GATEWAY, rangeStart: `10.250.0.${100 + 10 * machine}`, rangeEnd: `10.250.0.${109 + 10 * machine}` }]],
    routes: routed.map((dst) => ({ dst, gw: GATEWAY })),
  },
});
