import type { k8s } from 'cdk8s-plus-27';
import { SEALED_SECRETS_NAME as CONTROLLER, SEALED_SECRETS_NAMESPACE } from './sealed-secrets-names.ts';

const RBAC = 'rbac.authorization.k8s.io';

interface Role {
  readonly name: string;
  readonly rules: k8s.PolicyRule[];
}

/** The rules of upstream's controller.jsonnet, under its names. */
export const ROLES = {
  unsealer: {
    name: 'secrets-unsealer',
    rules: [
      { apiGroups: ['bitnami.com'], resources: ['sealedsecrets'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: ['bitnami.com'], resources: ['sealedsecrets/status'], verbs: ['update'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list', 'create', 'update', 'delete', 'watch'] },
      { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
      { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
    ],
  },
  /** A key's name is made up as it is created, so no name can stand here. */
  keyAdmin: {
    name: 'sealed-secrets-key-admin',
    rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['create', 'list'] }],
  },
  /** What kubeseal needs to fetch the certificate and to check a SealedSecret through the API server. */
  proxier: {
    name: 'sealed-secrets-service-proxier',
    rules: [
      { apiGroups: [''], resources: ['services'], resourceNames: [CONTROLLER], verbs: ['get'] },
      {
        apiGroups: [''],
        resources: ['services/proxy'],
        resourceNames: [`http:${CONTROLLER}:`, `http:${CONTROLLER}:http`, CONTROLLER],
        verbs: ['create', 'get'],
      },
    ],
  },
} satisfies Record<string, Role>;

const controllerAccount: k8s.Subject = { kind: 'ServiceAccount', name: CONTROLLER, namespace: SEALED_SECRETS_NAMESPACE };

/** Who has each role. */
export const BINDINGS = {
  unsealer: { roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: ROLES.unsealer.name }, subjects: [controllerAccount] },
  keyAdmin: { roleRef: { apiGroup: RBAC, kind: 'Role', name: ROLES.keyAdmin.name }, subjects: [controllerAccount] },
  proxier: {
    roleRef: { apiGroup: RBAC, kind: 'Role', name: ROLES.proxier.name },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: 'system:authenticated' }],
  },
} satisfies Record<string, { roleRef: k8s.RoleRef; subjects: k8s.Subject[] }>;
