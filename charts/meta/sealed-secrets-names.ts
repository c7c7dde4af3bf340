/** A namespace of its own, Pod Security `restricted`: who may read Secrets in kube-system must not hold the sealing key. */
export const SEALED_SECRETS_NAMESPACE = 'sealed-secrets';

/** The name that kubeseal asks for unless it is told another. */
export const SEALED_SECRETS_NAME = 'sealed-secrets-controller';
