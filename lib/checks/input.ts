import type { Manifest } from '../model/manifest.ts';
import type { ProblemCode } from '../problem.ts';
import type { Minor } from '../versions/minor.ts';

/** One manifest that is about to be written, and what in the definition caused it. */
export interface PlacedManifest {
  readonly manifest: Manifest;
  /** Path in the definition: `etcd`, `components.apiserver`. */
  readonly source: string;
  readonly stage: string;
}

/** What GitOps syncs as one unit, to one API server. */
export interface CheckedPart {
  readonly folder: string;
  readonly namespace: string | null;
  /** Name of the cluster whose API server receives this: two servers may each have an object of the same name. */
  readonly api: string;
  /** The Kubernetes minor of that API server. */
  readonly target: Minor;
  readonly manifests: readonly PlacedManifest[];
}

/** An object that the author promised to bring, or that another owner makes. `keys: null`: its keys are not known. */
export interface ProvidedObject {
  readonly api: string;
  readonly kind: string;
  /** Null for cluster-scoped kinds. */
  readonly namespace: string | null;
  readonly name: string;
  readonly keys: readonly string[] | null;
}

/** One end of a connection: Pods (labels and namespace), an address outside, or Pods of which an address is known. */
export interface FlowEnd {
  readonly labels: Readonly<Record<string, string>> | null;
  readonly namespace: string | null;
  readonly address: string | null;
}

/** A connection that must work, or must not. */
export interface Flow {
  readonly api: string;
  readonly from: FlowEnd;
  readonly to: FlowEnd;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** Path in the definition that asks for it. */
  readonly source: string;
}

/** A certificate that is served, and every host that clients connect to, honouring `tls-server-name`. */
export interface Serving {
  readonly certificate: string;
  readonly hosts: readonly string[];
  readonly source: string;
  readonly name: string;
}

/** A certificate, and what its holder does with it. */
export interface CertificateUse {
  readonly certificate: string;
  readonly use: 'serverAuth' | 'clientAuth';
  readonly source: string;
  readonly name: string;
}

/** One finding that is wanted so: a node agent is privileged, an in-cluster client needs its token. */
export interface Waiver {
  readonly code: ProblemCode;
  readonly source: string;
  /** `DaemonSet kube-system/kube-proxy`, or null for everything that this source causes. */
  readonly object: string | null;
}

/** A right of an add-on in the whole cluster that a reviewer knows of. */
export interface AcknowledgedRight {
  /** Path of the add-on in the definition, and of what acknowledges it. */
  readonly addon: string;
  readonly source: string;
  /** What the warning says, without its full stop. */
  readonly right: string;
}

/** What the checks cannot read from the manifests. */
export interface CheckContext {
  readonly provided: readonly ProvidedObject[];
  /** PriorityClasses that exist besides those in the parts; names. */
  readonly priorityClasses: readonly string[];
  /** StorageClasses that exist, or null when they are not known. */
  readonly storageClasses: readonly string[] | null;
  /** Kinds of others that the API servers have, for which there is no schema here: `argoproj.io/v1alpha1/Application`. */
  readonly foreignKinds: readonly string[];
  readonly flows: readonly Flow[];
  readonly denied: readonly Flow[];
  readonly servings: readonly Serving[];
  readonly usages: readonly CertificateUse[];
  readonly acknowledged: readonly AcknowledgedRight[];
  readonly waivers: readonly Waiver[];
}

/** A context that promises nothing. */
export const EMPTY_CONTEXT: CheckContext = {
  provided: [], priorityClasses: [], storageClasses: null, foreignKinds: [],
  flows: [], denied: [], servings: [], usages: [], acknowledged: [], waivers: [],
};
