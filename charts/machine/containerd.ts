import type { ResolvedMirror, ResolvedRuntime } from '../../lib/model/resolved-runtime.ts';
import type { TomlTable } from './toml.ts';

/** A file for machines, not for an API server: an operator carries it there. */
export interface MachineFile {
  /** Below the folder of machines' files. */
  readonly path: string;
  /** What it is for: lines of the comment at its top, without their `#`. */
  readonly comment: readonly string[];
  readonly content: TomlTable;
}

const CERTS = '/etc/containerd/certs.d';

/**
 * What containerd is told. A drop-in must have the version of the file that imports it: containerd 2 reads all of them
 * as one, and of another version it would not see one or the other.
 */
export function containerdFiles(runtime: ResolvedRuntime): MachineFile[] {
  return [
    { path: 'containerd/conf.d/kubewright.toml', comment: COMMENTS.version3, content: version3(runtime) },
    ...runtime.mirrors.map(mirrorFile),
    { path: 'containerd-v2/conf.d/kubewright.toml', comment: COMMENTS.version2, content: version2(runtime) },
  ];
}

const COMMENTS = {
  version3: [
    'For machines whose /etc/containerd/config.toml has `version = 3` (containerd 2) and imports /etc/containerd/conf.d/*.toml.',
  ],
  version2: [
    'For machines whose /etc/containerd/config.toml has `version = 2` and imports /etc/containerd/conf.d/*.toml. It takes the',
    'place of the one in containerd/. containerd 1.7 reads it instead of all that config.toml says of this plugin: what must stay',
    'goes into a drop-in of a later name, which repeats what stands here.',
  ],
} as const;

function version3(runtime: ResolvedRuntime): TomlTable {
  return {
    version: 3,
    plugins: {
      'io.containerd.cri.v1.images': { pinned_images: { sandbox: runtime.sandboxImage }, registry: { config_path: CERTS } },
      'io.containerd.cri.v1.runtime': { containerd: runc(runtime) },
    },
  };
}

function version2(runtime: ResolvedRuntime): TomlTable {
  return {
    version: 2,
    plugins: { 'io.containerd.grpc.v1.cri': { sandbox_image: runtime.sandboxImage, registry: { config_path: CERTS }, containerd: runc(runtime) } },
  };
}

const runc = ({ cgroupDriver }: ResolvedRuntime): TomlTable =>
  ({ runtimes: { runc: { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: cgroupDriver === 'systemd' } } } });

function mirrorFile({ registry, location }: ResolvedMirror): MachineFile {
  return {
    path: `containerd/certs.d/${folderOf(registry)}/hosts.toml`,
    comment: [`Images of ${registry} come from ${location}; what is not there, from ${registry} itself.`],
    content: { host: { [urlOf(location)]: { capabilities: ['pull', 'resolve'], ...(location.includes('/') ? { override_path: true } : {}) } } },
  };
}

/** The form of `host:port` that containerd looks for first, and that every file system takes. */
const folderOf = (registry: string): string => registry.replace(/:(\d+)$/, '_$1_');

/** The path of a mirror is part of its images' names, which stand behind the API's own `/v2`. */
function urlOf(location: string): string {
  const [host, ...path] = location.split('/');
  return `https://${[host, ...(path.length === 0 ? [] : ['v2', ...path])].join('/')}`;
}
