/** What a problem says beside what was found. */
export interface Advice {
  /** One sentence: what it would break. */
  readonly why: string;
  /** One sentence: what to write instead. */
  readonly fix: string;
  /** Told, and no reason to stop. */
  readonly severity?: 'error' | 'warning';
}

/** Why each finding matters, and what to do about it. */
export const ADVICE = {
  'addons/cluster-rights': {
    why: 'whoever takes over one of its Pods has the same right.',
    fix: 'narrow the role to what the add-on needs, or write the sentence above, without its full stop, into acknowledgedRights of the add-on.',
    severity: 'warning',
  },
  'addons/unknown-right': {
    why: 'what is acknowledged is what a reviewer has seen: were it kept, a later right would be one that nobody looked at.',
    fix: 'remove it, or review what the add-on may do now and write that.',
  },
  'addons/system-object': {
    why: 'the API server writes it anew whenever it starts, and the two would overwrite each other for ever.',
    fix: 'take it out of the add-on.',
  },
  'certificate/does-not-cover': {
    why: 'the client refuses the connection, because the certificate is for somebody else.',
    fix: 'issue the certificate with this name among its subject alternative names, or connect by a name that it has.',
  },
  'certificate/unreadable': {
    why: 'whoever loads this certificate stops at once.',
    fix: 'put one certificate in PEM here, as `kubewright pki` writes it.',
  },
  'certificate/wrong-usage': {
    why: 'the other side refuses a certificate that was issued for something else.',
    fix: 'issue it again with the usage that its holder needs.',
  },
  'manifest/bad-label': {
    why: 'the API server refuses the whole object.',
    fix: 'use a key `prefix/name` and a value of at most 63 letters, digits, `-`, `_` and `.`.',
  },
  'manifest/bad-name': {
    why: 'the API server refuses the object, or cannot make its Pods.',
    fix: 'choose a shorter or plainer name.',
  },
  'manifest/bad-value': {
    why: 'the API server refuses the whole object.',
    fix: 'write one of the values that this field takes.',
  },
  'manifest/duplicate': {
    why: 'each sync overwrites one with the other, for ever.',
    fix: 'give one of them another name, or write it in one place only.',
  },
  'manifest/duplicate-list-key': {
    why: 'server-side apply merges list items by this key, and refuses the object or drops one of the two.',
    fix: 'keep one of the items, or give them different keys.',
  },
  'manifest/missing-field': {
    why: 'the API server refuses the whole object.',
    fix: 'add the field.',
  },
  'manifest/not-canonical': {
    why: 'GitOps compares what is written with what is stored, and shows a difference for ever.',
    fix: 'write it as the API server stores it.',
  },
  'manifest/scope': {
    why: 'the API server has no such place for this kind, or GitOps puts it into the wrong namespace.',
    fix: 'give `metadata.namespace` to objects that live in a namespace, and to no others.',
  },
  'manifest/too-large': {
    why: 'the API server or its store refuses the object.',
    fix: 'split it into several objects, or shorten what is in it.',
  },
  'manifest/unknown-field': {
    why: 'the API server drops or refuses it, so that it never does what it was written for.',
    fix: 'correct the spelling, or remove the field when this Kubernetes does not have it.',
  },
  'manifest/unknown-kind': {
    why: 'the sync stops at this object.',
    fix: 'use the apiVersion that this Kubernetes serves, or bring the CustomResourceDefinition with the manifests.',
  },
  'manifest/wrong-type': {
    why: 'the API server cannot read the object.',
    fix: 'write a value of the type that the field has; mind the quotes.',
  },
  'pod/duplicate': {
    why: 'the second one is ignored or cannot start, and server-side apply refuses to merge them.',
    fix: 'keep one, or give it another name or number.',
  },
  'pod/grace-too-short': {
    why: 'the kubelet kills the process while it still answers requests.',
    fix: 'raise terminationGracePeriodSeconds well above the delay, or shorten the delay.',
  },
  'pod/image-tag': {
    why: 'the same manifest then starts different programs on different days.',
    fix: 'name a release tag or a digest.',
  },
  'pod/liveness-needs-etcd': {
    why: 'a short fault of etcd then restarts every API server at once.',
    fix: 'use /livez?exclude=etcd for liveness; readiness may ask etcd.',
  },
  'pod/no-requests': {
    why: 'the scheduler puts any number of such Pods on a machine, and the kernel ends them first.',
    fix: 'request the cpu and memory that it needs.',
  },
  'pod/not-restricted': {
    why: 'the namespace enforces the Pod Security Standard `restricted` and refuses the Pod; without that, its tenant is near the machine.',
    fix: 'give the Pod what `restricted` demands.',
  },
  'pod/selector-label': {
    why: 'selectors and claim templates cannot be changed, so a label that changes stops the next update.',
    fix: 'select only by labels that never change, such as app.kubernetes.io/name and kubewright.dev/cluster.',
  },
  'pod/service-account-token': {
    why: 'whoever breaks into the Pod gets a token for the cluster that runs it.',
    fix: 'set it to false; a Pod that calls that API mounts a projected token.',
  },
  'pod/service-links': {
    why: 'every Service of the namespace becomes environment variables, and etcd reads those named ETCD_* as its configuration.',
    fix: 'set enableServiceLinks to false.',
  },
  'pod/writable-root': {
    why: 'whoever breaks into the container can leave programs in it.',
    fix: 'make the root read-only, and mount an emptyDir where it must write.',
  },
  'policy/flow-blocked': {
    why: 'the connection times out, and one of its two ends never becomes ready.',
    fix: 'allow it in the NetworkPolicy of the side that is named.',
  },
  'policy/flow-open': {
    why: 'a Pod that is broken into reaches what it has no business with.',
    fix: 'narrow the NetworkPolicy that allows it, on either side.',
  },
  'reference/missing-key': {
    why: 'the kubelet waits for the key, and the Pod never starts.',
    fix: 'correct the key, or add it.',
  },
  'reference/missing-object': {
    why: 'whatever needs it waits for it, and never starts.',
    fix: 'correct the name, add the object, or promise in the definition that you bring it.',
  },
  'reference/path': {
    why: 'the program finds no file there, and stops.',
    fix: 'use the name of a key that is mounted there, or mount the object that has it.',
  },
  'reference/port': {
    why: 'a port that has no such name cannot be called: probes fail and Services have no endpoints.',
    fix: 'name the port in the container, or use its number.',
  },
  'reference/volume': {
    why: 'the API server refuses a mount without volume; a volume without mount is a file that its program does not see.',
    fix: 'add what is missing, or remove what is left over.',
  },
  'secret/in-clear': {
    why: 'everybody who can read the repository, now or later, has the secret.',
    fix: 'seal it, remove it from the definition, and replace the secret if it was ever committed.',
  },
  'selector/not-own-template': {
    why: 'a workload whose selector misses its own Pods is refused, and one that takes the Pods of others counts them as its own.',
    fix: 'give every workload labels of its own, and select by them.',
  },
  'selector/port': {
    why: 'connections to the Service are refused.',
    fix: 'let targetPort be a port that the container has, or declare the port there.',
  },
  'selector/selects-nothing': {
    why: 'the object is accepted and does nothing: no endpoints, no protection, no spread.',
    fix: 'select by labels that the Pods have.',
  },
  'statefulset/claim-template': {
    why: 'the API server fills it in, GitOps shows a difference for ever, and nobody can apply it, for it cannot be changed.',
    fix: 'write the claim template with apiVersion, kind, spec.volumeMode and status.phase.',
  },
  'statefulset/claims-deleted': {
    why: 'deleting or scaling down the StatefulSet would delete the data.',
    fix: 'set whenDeleted and whenScaled to Retain.',
  },
  'statefulset/peers': {
    why: 'members of a new etcd find each other only before they are ready, and each by its own name.',
    fix: 'name a headless Service with publishNotReadyAddresses.',
  },
  'statefulset/probes': {
    why: 'without readiness two members roll at once; with liveness that needs quorum, losing one member ends the others.',
    fix: 'ask /readyz for readiness and /livez for liveness.',
  },
  'statefulset/update': {
    why: 'a new etcd forms only when all members start together, and a running one survives only an update of one member at a time.',
    fix: 'use podManagementPolicy Parallel and updateStrategy RollingUpdate.',
  },
} as const satisfies Record<string, Advice>;

/** The codes of the checks. */
export type CheckCode = keyof typeof ADVICE;
