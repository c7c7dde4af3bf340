import { buildModule } from '../binaries/build.ts';
import { SANDBOX_IMAGE } from './images.ts';

/** containerd's own configuration file, as the packages of a machine bring it. A network brings its plugin where all machines have theirs. */
export async function containerdConfig(): Promise<string> {
  const plugins = await buildModule('cni-plugins');
  return `version = 3
imports = ['/etc/containerd/conf.d/*.toml']
root = '/var/lib/containerd'
state = '/run/containerd'

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = '${SANDBOX_IMAGE}'

[plugins.'io.containerd.cri.v1.runtime']
  # A lower oom_score_adj takes CAP_SYS_RESOURCE, which not every host gives away.
  restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ['${plugins}', '/opt/cni/bin']
  conf_dir = '/etc/cni/net.d'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc]
  runtime_type = 'io.containerd.runc.v2'

[plugins.'io.containerd.cri.v1.runtime'.containerd.runtimes.runc.options]
  SystemdCgroup = false
`;
}
