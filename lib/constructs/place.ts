import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';

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
}

/** Gives an object its place in the tree, under kind, namespace and name: what Kubernetes tells objects apart by. */
function place(chart: Chart, object: KubernetesObject): void {
  const { apiVersion, kind, metadata } = object;
  if (apiVersion === undefined || kind === undefined || metadata?.name === undefined) {
    throw new Error(`an object of chart ${chart.node.id} lacks apiVersion, kind or name: ${JSON.stringify(metadata)}`);
  }
  new ApiObject(chart, `${kind}.${metadata.namespace ?? ''}.${metadata.name}`.replaceAll('/', '%2f'), { ...object, apiVersion, kind });
}
