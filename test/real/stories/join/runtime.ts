import { equal } from 'node:assert/strict';
import { join } from 'node:path';
import { programPath } from '../../binaries/build.ts';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { Machine } from '../../host/machines.ts';

/** The files that are compiled for machines are what containerd goes by, beside the file that the machine came with. */
export async function checkRuntime({ cluster: { nodes } }: ControlPlane, machines: readonly Machine[]): Promise<void> {
  const containerd = await programPath('containerd', 'containerd');
  for (const { name, folder, run } of machines) {
    const merged = await run([containerd, '--config', join(folder, 'containerd.toml'), 'config', 'dump']);
    const value = (key: string): string | undefined => new RegExp(`^\\s*${key} = ['"]?([^'"\\n]*)['"]?$`, 'm').exec(merged)?.[1];
    equal(value('sandbox'), nodes.runtime.sandboxImage, `the pause image of ${name}`);
    equal(value('SystemdCgroup'), String(nodes.runtime.cgroupDriver === 'systemd'), `who makes cgroups on ${name}`);
    equal(value('config_path'), '/etc/containerd/certs.d', `where mirrors of ${name} are`);
  }
}
