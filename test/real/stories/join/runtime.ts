import { deepEqual } from 'node:assert/strict';
import { programPath } from '../../binaries/build.ts';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { Machine } from '../../host/machines.ts';

/** The files that are compiled for machines are what their containerd goes by: each sandbox is of the image that is pinned for the cluster. */
export async function checkRuntime({ cluster: { nodes } }: ControlPlane, machines: readonly Machine[]): Promise<void> {
  const ctr = await programPath('containerd', 'ctr');
  for (const { name, run } of machines) {
    const images = [...(await run([ctr, '-n', 'k8s.io', 'containers', 'list'])).matchAll(/^\S+\s+(\S*\/pause\S*)/gm)].map(([, image = '']) => image);
    deepEqual([...new Set(images)], [nodes.runtime.sandboxImage], `images of sandboxes on ${name}`);
  }
}
