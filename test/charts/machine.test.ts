import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { containerdFiles } from '../../charts/machine/containerd.ts';
import { toToml, type TomlTable } from '../../charts/machine/toml.ts';
import type { Images } from '../../lib/model/definition.ts';
import { resolveRuntime } from '../../lib/resolve/runtime.ts';
import { MINORS } from '../../lib/versions/minor.ts';
import { RELEASES } from '../../lib/versions/releases.ts';

const DIGEST = `sha256:${'5'.repeat(64)}`;
const SYSTEMD = { cgroupDriver: 'systemd' };

/** Each file as somebody else's parser reads it. */
function filesOf(images: Images, kubelet: Readonly<Record<string, unknown>> = SYSTEMD): Readonly<Record<string, unknown>> {
  return Object.fromEntries(containerdFiles(resolveRuntime('1.35', kubelet, undefined, images)).map(({ path, content }) => [path, parse(toToml(content))]));
}

describe('what containerd is told', () => {
  test('the pause image, the kubelet\'s cgroup driver, and where mirrors stand, in both versions', () => {
    const runtimes = { runc: { runtime_type: 'io.containerd.runc.v2', options: { SystemdCgroup: true } } };
    const registry = { config_path: '/etc/containerd/certs.d' };
    expect(filesOf({ registry: 'mirror.example.com/k8s' })).toEqual({
      'containerd/conf.d/kubewright.toml': { version: 3, plugins: {
        'io.containerd.cri.v1.images': { pinned_images: { sandbox: 'mirror.example.com/k8s/pause:3.10.1' }, registry },
        'io.containerd.cri.v1.runtime': { containerd: { runtimes } },
      } },
      'containerd-v2/conf.d/kubewright.toml': { version: 2, plugins: {
        'io.containerd.grpc.v1.cri': { sandbox_image: 'mirror.example.com/k8s/pause:3.10.1', registry, containerd: { runtimes } },
      } },
    });
  });

  test.for(MINORS)('v%s has the pause image that its kubeadm names', (minor) => {
    expect(resolveRuntime(minor, SYSTEMD, undefined, undefined).sandboxImage).toBe(`registry.k8s.io/pause:${RELEASES[minor].pause}`);
  });

  test('an image with a digest is named without its tag, as containerd keeps it', () => {
    const images: Images = { mirrors: { 'registry.k8s.io': 'mirror.example.com:5000/k8s' }, digests: { 'pause:3.10.1': DIGEST } };
    expect(resolveRuntime('1.35', SYSTEMD, undefined, images).sandboxImage).toBe(`mirror.example.com:5000/k8s/pause@${DIGEST}`);
  });

  test.for([
    { kubelet: { cgroupDriver: 'cgroupfs' } },
    { kubelet: {} },
  ])('a kubelet of $kubelet does not use systemd', ({ kubelet }) => {
    expect(resolveRuntime('1.35', kubelet, undefined, undefined).cgroupDriver).toBe('cgroupfs');
  });

  test.for([
    { registry: 'docker.io', location: 'mirror.example.com', path: 'docker.io', host: { 'https://mirror.example.com': { capabilities: ['pull', 'resolve'] } } },
    {
      registry: 'old.example.com:5000', location: 'mirror.example.com:8443/a/b', path: 'old.example.com_5000_',
      host: { 'https://mirror.example.com:8443/v2/a/b': { capabilities: ['pull', 'resolve'], override_path: true } },
    },
  ])('$registry is mirrored by $location', ({ registry, location, path, host }) => {
    expect(filesOf({ mirrors: { [registry]: location } })[`containerd/certs.d/${path}/hosts.toml`]).toEqual({ host });
  });

  test('a registry that mirrors itself has no file, and the definition\'s mirrors win over the fleet\'s', () => {
    const { mirrors } = resolveRuntime('1.35', SYSTEMD, { mirrors: { 'ghcr.io': 'a/b', 'quay.io': 'a/b' } }, { mirrors: { 'quay.io': 'c/d', 'docker.io': 'docker.io' } });
    expect(mirrors).toEqual([{ registry: 'ghcr.io', location: 'a/b' }, { registry: 'quay.io', location: 'c/d' }]);
  });
});

describe('TOML', () => {
  const key = fc.string({ unit: 'binary' }).filter((text) => text !== '__proto__');
  const { table } = fc.letrec<{ table: TomlTable; value: TomlTable[string] }>((tie) => ({
    table: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    value: fc.oneof({ depthSize: 'small' }, fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.array(fc.string({ unit: 'binary' })), tie('table')),
  }));

  test('is read back as what was written', () => {
    fc.assert(fc.property(table, (written) => {
      expect(parse(toToml(written))).toEqual(written);
    }), { numRuns: 500, seed: 1 });
  });
});
