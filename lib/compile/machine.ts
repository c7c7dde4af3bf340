import { containerdFiles } from '../../charts/machine/containerd.ts';
import { toToml } from '../../charts/machine/toml.ts';
import type { FileSpec } from '../model/manifest.ts';
import type { ResolvedRuntime } from '../model/resolved-runtime.ts';

/** Files that machines get before they join. They are no manifests: no GitOps tool applies them. */
export function machineFiles(folder: string, runtime: ResolvedRuntime, header: string): FileSpec[] {
  return containerdFiles(runtime).map(({ path, comment, content }) => ({
    path: `${folder}/${path}`,
    text: [header, ...comment.map((line) => `# ${line}`), '', toToml(content)].join('\n'),
  }));
}
