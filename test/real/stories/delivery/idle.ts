import { deepEqual, ok } from 'node:assert/strict';
import type { Deployment } from 'kubernetes-types/apps/v1';
import { settles } from '../../clusters/delivery/tool.ts';
import { secondsSince } from '../../host/until.ts';
import { OTHER, type Delivered } from './begin.ts';
import { writesOf } from './writes.ts';

/** So long nothing is pushed and nobody works by hand. A field that two write would move at each look. */
const IDLE_SECONDS = 600;

/** In that time the tool writes to nothing but its own objects, however often it looks: neither in the meta cluster nor inside the clusters. */
export async function idle(delivered: Delivered, commit: string): Promise<void> {
  const { meta, tool, planes, say, figure } = delivered;
  await scaled(delivered);
  const since = Date.now();
  let looks = 0;
  for (; secondsSince(since) < IDLE_SECONDS; looks++) {
    await tool.look();
    await settles(tool, commit);
    await new Promise((next) => setTimeout(next, 20_000));
  }
  const seconds = secondsSince(since);
  const told = (namespace?: string): string[] => writesOf(meta, tool.agent, since, namespace).map(({ verb, object }) => `${verb} ${object}`);
  const writes = told();
  const own = writes.filter((write) => write.includes(` ${tool.namespace}/`));
  deepEqual(writes.filter((write) => !own.includes(write)), [], `writes of ${tool.name} in ${seconds} idle seconds`);
  for (const { cluster: { name, namespace } } of Object.values(planes)) {
    deepEqual(told(namespace), [], `writes of ${tool.name} inside ${name} in ${seconds} idle seconds`);
    ok(writesOf(meta, /^kube-controller-manager\//, since, namespace).length > 0, `the API server of ${name} says who writes`);
  }
  figure(tool.name, `writes to its own objects in ${IDLE_SECONDS} idle seconds`, own.length);
  say(`in ${seconds} idle seconds it looked ${looks} times at everything, wrote nothing into the meta cluster and the clusters, and found nothing that differs`);
}

/** An autoscaler has written what is its own to write, and it stands. */
async function scaled({ meta: { kubectl }, planes }: Delivered): Promise<void> {
  const { namespace, components } = planes[OTHER].cluster;
  const { spec } = await kubectl.get<Deployment>('-n', namespace, 'deployment', 'kube-apiserver');
  deepEqual(spec?.replicas, components.apiserver.autoscale?.min, 'API servers that the autoscaler wants');
}
