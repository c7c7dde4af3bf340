import { createHash } from 'node:crypto';
import { compareText, describeManifest, groupOf, type FileSpec, type Manifest } from '../model/manifest.ts';
import { toYamlFile } from '../yaml/serialize.ts';

/** A folder of `dist/` and what belongs in it. */
export interface LayoutPart {
  /** Below `dist/`, such as `hangzhou-meta/clusters/prod-1/control-plane/etcd`. */
  readonly folder: string;
  /** The namespace of most of its manifests, which file names then leave out; null when there is none. */
  readonly namespace: string | null;
  readonly manifests: readonly Manifest[];
  /** The comment at the top of every file, with its `# `. */
  readonly header: string;
}

/**
 * Groups that file names leave out. No two of them share the name of a kind, so that `service-x.yaml` is always the
 * core Service, while a Knative Service is `service-x+serving.knative.dev.yaml`, whether or not the two ever meet.
 */
const UNNAMED_GROUPS: ReadonlySet<string> = new Set([
  ...['', 'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'apiregistration.k8s.io', 'apps', 'autoscaling', 'batch'],
  ...['certificates.k8s.io', 'coordination.k8s.io', 'discovery.k8s.io', 'flowcontrol.apiserver.k8s.io', 'networking.k8s.io'],
  ...['node.k8s.io', 'policy', 'rbac.authorization.k8s.io', 'resource.k8s.io', 'scheduling.k8s.io', 'storage.k8s.io'],
  ...['gateway.networking.k8s.io', 'snapshot.storage.k8s.io', 'kubewright.dev', 'argoproj.io', 'bitnami.com', 'cert-manager.io'],
  ...['external-secrets.io', 'kustomize.toolkit.fluxcd.io', 'source.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io', 'monitoring.coreos.com'],
]);

/** What every file system in use allows for one name, in bytes. Escaped names are ASCII. */
const LONGEST_NAME = 255;
const EXTENSION = '.yaml';
const HASH_DIGITS = 16;

/**
 * Decides which file each manifest lives in, and writes it: one manifest a file, sorted by path.
 * @throws Error that names both manifests when two want one path, also on a file system that ignores case.
 */
export function layOut(parts: readonly LayoutPart[]): FileSpec[] {
  const owners = new Map<string, Manifest>();
  const files = parts.flatMap((part) => {
    checkFolder(part.folder);
    return part.manifests.map((manifest) => placeManifest(part, manifest, owners));
  });
  return files.sort((a, b) => compareText(a.path, b.path));
}

/**
 * The name of a manifest's file: `<kind>-<name>[@<namespace>][+<group>].yaml`. The namespace stands there when it is not
 * the folder's, the group when UNNAMED_GROUPS lacks it. `@`, `+` and `~` are escaped inside names, so no two identities
 * share a file name. A name beyond 255 bytes is cut, and ends in `~` and a hash of the whole.
 */
export function fileNameOf(manifest: Manifest, folderNamespace: string | null): string {
  const { name, namespace } = manifest.metadata;
  const group = groupOf(manifest);
  const place = namespace && namespace !== folderNamespace ? `@${escapeName(namespace)}` : '';
  const origin = UNNAMED_GROUPS.has(group) ? '' : `+${escapeName(group)}`;
  return shorten(`${escapeName(manifest.kind.toLowerCase())}-${escapeName(name)}${place}${origin}`) + EXTENSION;
}

function placeManifest(part: LayoutPart, manifest: Manifest, owners: Map<string, Manifest>): FileSpec {
  checkIdentity(part.folder, manifest);
  const path = `${part.folder}/${fileNameOf(manifest, part.namespace)}`;
  const place = path.toLowerCase();
  const other = owners.get(place);
  if (other !== undefined) {
    throw new Error(`Two manifests want ${path}: ${describeManifest(other)} and ${describeManifest(manifest)}.`);
  }
  owners.set(place, manifest);
  return { path, text: toYamlFile(manifest, part.header) };
}

function checkIdentity(folder: string, manifest: Manifest): void {
  if (manifest.kind && manifest.apiVersion && manifest.metadata?.name) return;
  const found = JSON.stringify({ apiVersion: manifest.apiVersion, kind: manifest.kind, metadata: manifest.metadata });
  throw new Error(`A manifest in ${folder} lacks apiVersion, kind or metadata.name: ${found}.`);
}

function checkFolder(folder: string): void {
  if (folder.split('/').every((step) => /^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(step))) return;
  throw new Error(`${JSON.stringify(folder)} is not a folder below dist/.`);
}

/** Keeps what every file system and shell takes as it is; every other byte becomes `%` and two digits. */
function escapeName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, (run) => Buffer.from(run).toString('hex').replace(/../g, '%$&'));
}

function shorten(name: string): string {
  if (name.length + EXTENSION.length <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, HASH_DIGITS);
  return `${name.slice(0, LONGEST_NAME - EXTENSION.length - HASH_DIGITS - 1)}~${hash}`;
}
