import type { JsonObject } from './resolved.ts';

/** People's own software, without what it was read from: its objects stand in the manifests. */
export interface ResolvedAddon {
  readonly name: string;
  /** Null for a construct that has none. */
  readonly version: string | null;
  /** Of its objects that name none. */
  readonly namespace: string;
  /** Where it is from: a folder of the fleet, or the definition itself. */
  readonly source:
    | { readonly type: 'template'; readonly folder: string }
    | { readonly type: 'chart'; readonly chart: string; readonly digest: string; readonly values: JsonObject }
    | { readonly type: 'construct' };
  readonly parameters: JsonObject;
  readonly foreignKinds: Readonly<Record<string, 'Namespaced' | 'Cluster'>>;
  readonly provided: readonly { readonly kind: string; readonly namespace: string; readonly name: string }[];
  readonly acknowledgedRights: readonly string[];
}
