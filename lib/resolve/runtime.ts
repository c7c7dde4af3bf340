import type { Images } from '../model/definition.ts';
import { sortedKeys } from '../model/manifest.ts';
import type { ResolvedMirror, ResolvedRuntime } from '../model/resolved-runtime.ts';
import type { Minor } from '../versions/minor.ts';
import { RELEASES, UPSTREAM_REGISTRY } from '../versions/releases.ts';
import { imageResolver, mirrorsOf } from './images.ts';

/** What machines of this minor tell their container runtime. */
export function resolveRuntime(minor: Minor, kubelet: Readonly<Record<string, unknown>>, fleet: Images | undefined, own: Images | undefined): ResolvedRuntime {
  return {
    sandboxImage: comparable(imageResolver(fleet, own)(UPSTREAM_REGISTRY, 'pause', RELEASES[minor].pause)),
    // A kubelet that is told nothing uses cgroupfs.
    cgroupDriver: kubelet['cgroupDriver'] === 'systemd' ? 'systemd' : 'cgroupfs',
    mirrors: resolveMirrors(mirrorsOf(fleet, own)),
  };
}

/** A registry that mirrors itself has none: that is how an author excepts it from `registry`. */
const resolveMirrors = (mirrors: Readonly<Record<string, string>>): ResolvedMirror[] =>
  sortedKeys(mirrors).map((registry) => ({ registry, location: mirrors[registry] ?? registry })).filter(({ registry, location }) => registry !== location);

/** containerd drops the tag of a name with a digest, and keeps from garbage collection only the image that is called just so. */
const comparable = (image: string): string => image.replace(/:[^:/@]+@/, '@');
