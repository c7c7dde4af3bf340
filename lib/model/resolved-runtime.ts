/** What the container runtime of a machine is told, before the machine joins. */
export interface ResolvedRuntime {
  /** What holds the namespaces of every Pod, as the runtime compares names: with a digest or a tag, never both. */
  readonly sandboxImage: string;
  /** That of the kubelet. */
  readonly cgroupDriver: 'systemd' | 'cgroupfs';
  /** Sorted by registry. */
  readonly mirrors: readonly ResolvedMirror[];
}

/** Where the images of one registry are taken from. */
export interface ResolvedMirror {
  /** Host, and port where it has one. */
  readonly registry: string;
  /** Registry, and path in it. */
  readonly location: string;
}
