import { ApiObject, Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { guarded } from '../../lib/constructs/protect.ts';
import { MANAGED_BY } from '../../lib/model/names.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import { controllerSpec, type SealedSecretsController } from './sealed-secrets-controller.ts';
import { SEALED_SECRETS_NAME, SEALED_SECRETS_NAMESPACE } from './sealed-secrets-names.ts';
import { BINDINGS, ROLES } from './sealed-secrets-rules.ts';
import crd from './sealed-secrets-crd.json' with { type: 'json' };

const labels = { 'app.kubernetes.io/name': SEALED_SECRETS_NAME, ...MANAGED_BY };

const RESTRICTED = {
  'pod-security.kubernetes.io/enforce': 'restricted',
  'pod-security.kubernetes.io/audit': 'restricted',
  'pod-security.kubernetes.io/warn': 'restricted',
};

/**
 * The kind SealedSecret: helm/sealed-secrets/crds of github.com/bitnami/sealed-secrets v0.40.0 (Apache-2.0), without its
 * descriptions. When it is deleted, all SealedSecrets go, and with them the Secrets that they own.
 */
export class SealedSecretsCrdChart extends Chart {
  constructor(scope: Construct) {
    super(scope, 'sealed-secrets-crd', { disableResourceNameHashes: true });
    const metadata = guarded({ ...crd.metadata, labels });
    new ApiObject(this, 'crd', { ...crd, metadata });
  }
}

/** The controller that opens SealedSecrets, with the rights that upstream gives it. `kubeseal` finds it by `--controller-namespace`. */
export class SealedSecretsChart extends Chart {
  constructor(scope: Construct, meta: ResolvedMetaCluster, controller: SealedSecretsController) {
    super(scope, 'sealed-secrets', { disableResourceNameHashes: true });
    new k8s.KubeNamespace(this, 'namespace', namespaceProps());
    new k8s.KubeServiceAccount(this, 'account', { metadata: inside(SEALED_SECRETS_NAME), automountServiceAccountToken: false });
    this.addRules();
    new k8s.KubeService(this, 'service', serviceProps(SEALED_SECRETS_NAME, 'http', 8080));
    new k8s.KubeService(this, 'metrics', serviceProps(`${SEALED_SECRETS_NAME}-metrics`, 'metrics', 8081));
    new k8s.KubeDeployment(this, 'controller', { metadata: inside(SEALED_SECRETS_NAME), spec: controllerSpec(meta, controller, labels) });
  }

  private addRules(): void {
    const { unsealer, keyAdmin, proxier } = ROLES;
    new k8s.KubeClusterRole(this, 'unsealer', { metadata: { name: unsealer.name, labels }, rules: unsealer.rules });
    new k8s.KubeClusterRoleBinding(this, 'unsealer-binding', { metadata: { name: SEALED_SECRETS_NAME, labels }, ...BINDINGS.unsealer });
    new k8s.KubeRole(this, 'key-admin', { metadata: inside(keyAdmin.name), rules: keyAdmin.rules });
    new k8s.KubeRoleBinding(this, 'key-admin-binding', { metadata: inside(SEALED_SECRETS_NAME), ...BINDINGS.keyAdmin });
    new k8s.KubeRole(this, 'proxier', { metadata: inside(proxier.name), rules: proxier.rules });
    new k8s.KubeRoleBinding(this, 'proxier-binding', { metadata: inside(proxier.name), ...BINDINGS.proxier });
  }
}

/** The namespace holds the sealing keys: without them no committed secret can be opened again. */
function namespaceProps(): k8s.KubeNamespaceProps {
  return { metadata: guarded({ name: SEALED_SECRETS_NAMESPACE, labels: { ...labels, ...RESTRICTED } }) };
}

function serviceProps(name: string, portName: string, port: number): k8s.KubeServiceProps {
  return {
    metadata: inside(name),
    spec: {
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/name': SEALED_SECRETS_NAME },
      ports: [{ name: portName, port, protocol: 'TCP', targetPort: k8s.IntOrString.fromString(portName) }],
    },
  };
}

function inside(name: string): k8s.ObjectMeta {
  return { name, namespace: SEALED_SECRETS_NAMESPACE, labels };
}
