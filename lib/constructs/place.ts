import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { sortedKeys, type Manifest } from '../model/manifest.ts';

/** What every Kubernetes object has; the typed kinds of kubernetes-types fit. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
}

/** A chart of named objects: it decides nothing, it places what the functions beside it return. */
export class PlacedChart extends Chart {
  constructor(scope: Construct, id: string, objects: readonly KubernetesObject[]) {
    super(scope, id, { disableResourceNameHashes: true });
    for (const object of objects) place(this, object);
  }

  /** Its manifests, as `toJson` gives them; that walks the whole App again for every chart, to order what has no order here. */
  manifests(): Manifest[] {
    return this.apiObjects.map((object) => object.toJson() as Manifest);
  }
}

/** Plain data: nothing in it is resolved later, and nobody patches it, so that its JSON is a copy without what is absent. */
class PlainObject extends ApiObject {
  readonly #object: KubernetesObject;

  constructor(scope: Construct, id: string, object: KubernetesObject & { readonly apiVersion: string; readonly kind: string }) {
    super(scope, id, object);
    this.#object = object;
  }

  override toJson(): unknown {
    return copyPresent(this.#object);
  }
}

/** As cdk8s does it: keys in code-unit order, and none that holds null or undefined. */
function copyPresent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyPresent);
  if (typeof value !== 'object' || value === null) return value ?? undefined;
  if (Object.getPrototypeOf(value) !== Object.prototype) throw new Error(`a chart places an object of class ${value.constructor.name}`);
  const copy: Record<string, unknown> = {};
  for (const key of sortedKeys(value)) {
    const item = copyPresent((value as Record<string, unknown>)[key]);
    if (item !== undefined) copy[key] = item;
  }
  return copy;
}

/** Gives an object its place in the tree, under kind, namespace and name: what Kubernetes tells objects apart by. */
function place(chart: Chart, object: KubernetesObject): void {
  const { apiVersion, kind, metadata } = object;
  if (apiVersion === undefined || kind === undefined || metadata?.name === undefined) {
    throw new Error(`an object of chart ${chart.node.id} lacks apiVersion, kind or name: ${JSON.stringify(metadata)}`);
  }
  new PlainObject(chart, `${kind}.${metadata.namespace ?? ''}.${metadata.name}`.replaceAll('/', '%2f'), { ...object, apiVersion, kind });
}
