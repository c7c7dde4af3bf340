/** Any value JSON can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. A key that holds `undefined` counts as absent, as it does in JSON. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** What Kubernetes identifies an object by, beside its kind. */
export interface Metadata extends JsonObject {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** One Kubernetes object as plain data: what a chart makes and a file holds. */
export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Metadata;
}

/** One file of `dist/`: its path below `dist/`, always with `/`, and its whole text. */
export interface FileSpec {
  readonly path: string;
  readonly text: string;
}

/** Code-unit order. Never localeCompare: its answer depends on the machine. */
export function compareText(a: string, b: string): -1 | 0 | 1 {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The keys of a map in code-unit order. Most maps have that order already, and looking is cheaper than sorting. */
export function sortedKeys(map: object): string[] {
  const keys = Object.keys(map);
  return isSorted(keys) ? keys : keys.sort();
}

function isSorted(keys: readonly string[]): boolean {
  let last = '';
  for (const key of keys) {
    if (key < last) return false;
    last = key;
  }
  return true;
}

/** The API group of a manifest; empty for the core group. */
export function groupOf(manifest: Manifest): string {
  const slash = manifest.apiVersion.indexOf('/');
  return slash < 0 ? '' : manifest.apiVersion.slice(0, slash);
}

/** How messages name a manifest: `Role kube-system/reader (rbac.authorization.k8s.io/v1)`. */
export function describeManifest(manifest: Manifest): string {
  const { name, namespace } = manifest.metadata;
  return `${manifest.kind} ${namespace ? `${namespace}/` : ''}${name} (${manifest.apiVersion})`;
}
