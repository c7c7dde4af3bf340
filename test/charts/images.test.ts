import { expect, test } from 'vitest';
import type { OpenFleet } from '../../lib/build/owners.ts';
import type { ClusterDefinition, Images, MetaClusterDefinition } from '../../lib/model/definition.ts';
import type { FileSpec } from '../../lib/model/manifest.ts';
import { compileFleet, fleetWithOwnKeys } from '../support/compiled.ts';
import { prepare } from '../support/folders.ts';

const MIRROR = 'mirror.example.com/all';
const DIGEST = `sha256:${'5'.repeat(64)}`;

type Owned = ClusterDefinition | MetaClusterDefinition;

function withoutImages<Definition extends Owned>({ images: _, ...rest }: Definition): Definition {
  return rest as unknown as Definition;
}

/** The committed fleet with nothing but this said of images, of the fleet as a whole. */
function withImages(open: OpenFleet, images: Images): OpenFleet {
  const owners = open.owners.map((owner) => ({ ...owner, definition: withoutImages(owner.definition as Owned) }));
  return { ...open, owners, fleet: { ...open.fleet, metaClusters: open.fleet.metaClusters.map(withoutImages), images } };
}

/** All that is made of the fleet. What people's own add-ons name is theirs, and what kubeadm pulls has no digest. */
function filesOf(open: OpenFleet): FileSpec[] {
  const compiled = [...compileFleet(open).values()];
  expect(compiled.flatMap(({ problems }) => problems.filter(({ severity }) => severity === 'error'))).toEqual([]);
  return compiled.flatMap(({ files }) => files).filter(({ path }) => !path.includes('/tenant/addons'));
}

/** What stands where an image is named, in manifests and in files of machines. */
const imagesIn = ({ path, text }: FileSpec): { path: string; image: string }[] =>
  [...text.matchAll(/^\s*(?:- )?(?:image: |reference: |sandbox = |sandbox_image = )["']?([^"'\s]+)/gm)].map(([, image = '']) => ({ path, image }));

const nameOf = (image: string): string => image.replace(/@.*/, '').split('/').at(-1) ?? '';

let open: OpenFleet;
prepare(async (ends) => {
  open = await fleetWithOwnKeys(ends);
}, 240_000);

test('every image of a fleet with one registry comes from there, by the digest that is given for it', () => {
  const tagged = filesOf(withImages(open, { registry: MIRROR })).flatMap(imagesIn);
  const names = [...new Set(tagged.map(({ image }) => nameOf(image)))].sort();
  expect(new Set(names.map((name) => name.split(':')[0]))).toEqual(new Set([
    'coredns', 'curl', 'etcd', 'flannel', 'flannel-cni-plugin', 'ghostunnel', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler',
    'metrics-server', 'pause', 'proxy-agent', 'proxy-server', 'rclone', 'sealed-secrets-controller',
  ]));

  const digests = Object.fromEntries(names.map((name) => [name, DIGEST]));
  const files = filesOf(withImages(open, { registry: MIRROR, digests }));
  const images = files.flatMap(imagesIn);
  expect(images.length).toBe(tagged.length);
  expect(images.filter(({ image }) => !image.startsWith(`${MIRROR}/`) || !image.endsWith(`@${DIGEST}`))).toEqual([]);
  expect(files.filter(({ text }) => /\b(?:registry\.k8s\.io|(?:docker|ghcr|gcr|quay)\.io)\//.test(text)).map(({ path }) => path), 'names of other registries').toEqual([]);
});
