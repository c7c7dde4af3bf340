import { basename } from 'node:path';
import type { ResolvedCluster } from '../../../lib/model/resolved.ts';
import { programPath } from '../binaries/build.ts';
import { readResolved } from '../fleet.ts';
import type { MetaCluster } from './meta.ts';
import { STATE } from '../host/state.ts';

const SUFFIX = '-super-admin-kubeconfig';

/** How people look inside what a run has left for them: a line to type for each machine and each API server. */
export async function waysIn({ machines, definition }: MetaCluster): Promise<string> {
  const [first] = machines;
  const kubectl = async (minor: string, kubeconfig: string): Promise<string> =>
    first.inside([await programPath(`kubernetes-${minor}`, 'kubectl'), '--kubeconfig', kubeconfig, 'get', 'pods', '-A']).join(' ');
  const lines = [['meta cluster', await kubectl(definition.minor, '/etc/kubernetes/admin.conf')]];
  for (const path of (await first.run(['find', '/run', '-maxdepth', '1', '-name', `*${SUFFIX}`])).split('\n').filter(Boolean).sort()) {
    const name = basename(path, SUFFIX);
    lines.push([name, await kubectl(readResolved<ResolvedCluster>(name).minor, path)]);
  }
  for (const machine of machines) lines.push([machine.name, machine.inside(['sh']).join(' ')]);
  lines.push(['to end it', `KUBEWRIGHT_REAL=${STATE} npm run lab -- down`]);
  return lines.map(([what = '', line = '']) => `${what.padEnd(15)} ${line}`).join('\n');
}
