import { deepEqual, equal } from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Endpoints } from 'kubernetes-types/core/v1';
import type { EndpointSlice } from 'kubernetes-types/discovery/v1';
import type { ResolvedCluster } from '../../../../lib/model/resolved.ts';
import { programPath } from '../../binaries/build.ts';
import { withApiServerOf } from '../../clusters/api-server.ts';
import type { Kubectl } from '../../clusters/kubectl.ts';
import { compiled, readManifest, readResolved, stagesOf, type Stage } from '../../fleet.ts';
import { attempt } from '../../host/command.ts';
import { STATE } from '../../host/state.ts';
import { secondsSince } from '../../host/until.ts';
import type { Desk } from '../../story.ts';
import { acceptTwice, demandNone, writtenAlong } from './objects.ts';

interface Tenant {
  readonly cluster: ResolvedCluster;
  /** What is applied inside it, one stage after another. */
  readonly stages: readonly Stage[];
}

/** The tenant parts of each cluster of a meta cluster. */
export const tenantsOf = (meta: string, dist: string): Tenant[] => readdirSync(compiled(`${meta}/clusters`, dist)).map((name) => ({
  cluster: readResolved<ResolvedCluster>(name, dist),
  stages: (['tenant-crds', 'tenant'] as const).flatMap((part) => stagesOf(meta, name, part, dist)),
}));

/** A tenant's parts go to an API server of its own, of the cluster's own minor and with its ranges. */
export async function acceptTenant({ figure }: Desk, cluster: ResolvedCluster, stages: readonly Stage[]): Promise<void> {
  const start = Date.now();
  await readByKubeadm(cluster, stages.flatMap(({ files }) => files));
  await withApiServerOf(cluster, async ({ kubectl, startControllers }) => {
    const objects = await acceptTwice(kubectl, [], stages.map(({ files }) => files));
    await startControllers();
    await writtenAlong(kubectl, stages.flatMap(({ files }) => files));
    await leadsToItself(kubectl);
    figure(cluster.name, 'version', cluster.kubernetes);
    figure(cluster.name, 'objects in the tenant', objects.length);
  });
  figure(cluster.name, 'took (s)', secondsSince(start));
}

/** As conformance asks of `default/kubernetes`: both kinds say the same. Two slices would be that of somebody who mirrors. */
async function leadsToItself(kubectl: Kubectl): Promise<void> {
  const { subsets = [] } = await kubectl.get<Endpoints>('-n', 'default', 'endpoints', 'kubernetes');
  const { items } = await kubectl.get<{ readonly items: readonly EndpointSlice[] }>('-n', 'default', 'endpointslices', '-l', 'kubernetes.io/service-name=kubernetes');
  const places = (addresses: readonly string[] = [], ports: readonly { readonly port?: number }[] = []) => ({ addresses, ports: ports.map(({ port }) => port) });
  const said = subsets.map(({ addresses, ports }) => places(addresses?.map(({ ip }) => ip), ports));
  deepEqual(items.map(({ endpoints, ports }) => places(endpoints?.flatMap(({ addresses }) => addresses), ports)), said, 'slices of default/kubernetes');
  equal(said.length, 1, 'subsets of default/kubernetes');
}

/** ConfigMaps with what a machine that joins is given, and their keys. */
const DOCUMENTS = { 'kubeadm-config': 'ClusterConfiguration', 'kubelet-config': 'kubelet', 'kube-proxy': 'config.conf' } as const;

/** What is in them is read by the kubeadm of the nodes' release, as it is when a machine joins. */
async function readByKubeadm({ name, nodes }: ResolvedCluster, files: readonly string[]): Promise<void> {
  const maps = files.map(readManifest).filter(({ kind }) => kind === 'ConfigMap');
  const texts = Object.entries(DOCUMENTS).flatMap(([map, key]) =>
    maps.filter(({ metadata }) => metadata.name === map).map(({ data }) => (data as Readonly<Record<string, string>>)[key] ?? ''));
  const file = join(STATE, `${name}-documents.yaml`);
  writeFileSync(file, texts.join('---\n'));
  const { code, complaint } = await attempt([await programPath(`kubernetes-${nodes.minor}`, 'kubeadm'), 'config', 'validate', '--config', file]);
  demandNone(`kubeadm of v${nodes.minor} on ${name}`, code === 0 && complaint === '' ? [] : [complaint]);
}
