import type { NamedRuleWithOperations, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from 'kubernetes-types/admissionregistration/v1';
import { DELETION_ALLOWED, HOLDS_STATE } from '../../lib/constructs/protect.ts';
import { DOMAIN, MANAGED_BY, STATE_LABEL } from '../../lib/model/names.ts';

const NAME = `state.${DOMAIN}`;
const metadata = { name: NAME, labels: { 'app.kubernetes.io/name': NAME, ...MANAGED_BY } };

/**
 * Kinds that hold state. Pods are none, so that no controller is kept from its work; what garbage collection deletes
 * does not carry the label, and a claim that goes with its namespace is judged by the labels of that.
 */
const KINDS: readonly NamedRuleWithOperations[] = [
  { apiGroups: [''], apiVersions: ['v1'], resources: ['namespaces', 'persistentvolumeclaims', 'persistentvolumes', 'secrets'] },
  { apiGroups: ['apps'], apiVersions: ['v1'], resources: ['statefulsets'] },
  { apiGroups: ['apiextensions.k8s.io'], apiVersions: ['v1'], resources: ['customresourcedefinitions'] },
  { apiGroups: ['bitnami.com'], apiVersions: ['v1alpha1'], resources: ['sealedsecrets'] },
].map((kinds) => ({ ...kinds, operations: ['DELETE'], scope: '*' }));

/** One of the two labels that let an object go, or everything in a namespace. */
const isReleased = (labels: string): string => Object.entries({ ...DELETION_ALLOWED, [STATE_LABEL]: 'decommissioning' })
  .map(([label, value]) => `('${label}' in ${labels} && ${labels}['${label}'] == '${value}')`).join(' || ');

const REFUSAL = `It holds state of a control plane. Write state: 'decommissioning' in the cluster's definition; or, for this object alone, label it ${Object.entries(DELETION_ALLOWED).map((label) => label.join('=')).join('')}.`;

/**
 * Deletion of what holds state is refused to everybody, whatever rights they have. It guards against mistakes, not
 * against people who may write labels. Only objects with the label are ever judged, and only when they are deleted:
 * that is all that fails when the policy itself does.
 */
export function deletionPolicy(): (ValidatingAdmissionPolicy | ValidatingAdmissionPolicyBinding)[] {
  return [{
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: { matchLabels: HOLDS_STATE }, resourceRules: [...KINDS] },
      variables: [
        { name: 'own', expression: 'oldObject.metadata.labels' },
        // Null for what is in no namespace, a namespace itself among it.
        { name: 'around', expression: 'namespaceObject != null && has(namespaceObject.metadata.labels) ? namespaceObject.metadata.labels : {}' },
      ],
      validations: [{ expression: ['variables.own', 'variables.around'].map(isReleased).join(' || '), message: REFUSAL, reason: 'Forbidden' }],
    },
  }, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: { policyName: NAME, validationActions: ['Deny'] },
  }];
}
