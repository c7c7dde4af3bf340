import { anyObject, dnsLabel, dnsName, integer, list, mapOf, object, oneOfTexts, text, type Schema } from './fields.ts';

/** Who may do what, what is written down about it, and how secrets are kept. */
export const ACCESS_DEFINITIONS: Record<string, Schema> = {
  User: object('A person or a program with a client certificate. What it may do is said by bindings inside the cluster.', {
    name: text('User name (the certificate\'s common name).', { pattern: '^[a-z0-9]([-a-z0-9.@]*[a-z0-9])?$', maxLength: 50 }),
    groups: list('Groups (the certificate\'s organizations). Not system:masters.', text('A group.', { pattern: '^[A-Za-z0-9:._-]+$' })),
    lifetime: text('How long the certificate lasts; like every leaf when absent.', { pattern: '^[1-9][0-9]{0,4}d$', format: 'days' }),
  }, ['name', 'groups']),
  Audit: object('Audit of requests.', {
    policy: { description: '`metadata` (who did what, no bodies), `writes` (bodies of changes, no secrets), `none`, or rules of audit.k8s.io/v1 of your own.', anyOf: [
      oneOfTexts('A policy that is ready.', ['none', 'metadata', 'writes']),
      object('A policy of your own.', { rules: list('Rules of audit.k8s.io/v1.', anyObject('A rule.'), { minItems: 1 }), omitStages: list('Stages that are not recorded.', text('A stage.')) }, ['rules']),
    ] },
    log: object('The log file.', {
      to: oneOfTexts('`stdout` for the node\'s log collector, `volume` for files in an emptyDir.', ['stdout', 'volume']),
      maxSizeMegabytes: integer('Size at which a file is rotated.', 1, 10000),
      maxBackups: integer('Files that are kept.', 0, 1000),
      maxAgeDays: integer('Days that files are kept.', 0, 3650),
    }),
    webhook: object('A server that receives audit events.', {
      kubeconfig: dnsLabel('Secret in the control plane\'s namespace with key `kubeconfig`.'),
      batchMaxWait: text('Longest wait before a batch is sent: `5s`.', { pattern: '^[0-9]+(ms|s|m)$' }),
    }, ['kubeconfig']),
  }),
  Authentication: object('Structured authentication.', {
    jwt: list('JWT authenticators, as in AuthenticationConfiguration.', anyObject('One authenticator.')),
    anonymousPaths: list('Paths that anonymous clients may ask for.', text('A path.', { pattern: '^/' })),
  }),
  Authorization: object('Structured authorization: these webhooks are asked after Node and RBAC.', {
    webhooks: list('Webhooks, as in AuthorizationConfiguration.', object('One webhook.', {
      name: dnsName('Name of the authorizer.'),
      kubeconfig: dnsLabel('Secret in the control plane\'s namespace with key `kubeconfig`.'),
      webhook: anyObject('The `webhook` block, without `connectionInfo`.'),
    }, ['name', 'kubeconfig', 'webhook'])),
  }, ['webhooks']),
  Admission: object('Admission plugins.', {
    enable: list('Plugins to enable beside the default ones.', text('A plugin.')),
    disable: list('Default plugins to disable.', text('A plugin.')),
    configuration: mapOf('Configuration by plugin, as it stands in the plugin\'s file.', anyObject('Configuration of the plugin.')),
  }),
  Encryption: object('Encryption of objects in etcd.', {
    provider: oneOfTexts('`secretbox` or `aescbc` with a key of the lock, `kms` with a plugin, `none`.', ['secretbox', 'aescbc', 'kms', 'none']),
    resources: list('What is encrypted: `secrets`, `configmaps`, `widgets.example.com`. `secrets` when neither this nor `readable` is there.', text('A resource.'), { minItems: 1 }),
    readable: list('What can be read encrypted already and is still written in clear: the first of two commits by which a running cluster of several API servers begins to encrypt something. They learn of it one after another, and one that does not know the key fails on every list and watch of what others have encrypted. In the second commit, when all of them have had the first for some minutes, it moves to `resources`.', text('A resource.'), { minItems: 1 }),
    kms: object('A KMS v2 plugin.', {
      name: dnsLabel('Name of the provider. It is written on every encrypted object.'),
      endpoint: text('Socket of the plugin, which an extra volume brings.', { pattern: '^unix:///' }),
      timeout: text('How long one call may take: `3s`.', { pattern: '^[0-9]+(ms|s)$' }),
    }, ['name', 'endpoint']),
  }, ['provider']),
  Certificates: object('Lifetimes and strength of the cluster\'s own certificates.', {
    leaf: text('Lifetime of a leaf.', { pattern: '^[1-9][0-9]{0,4}d$', format: 'days' }),
    authority: text('Lifetime of an authority.', { pattern: '^[1-9][0-9]{0,4}d$', format: 'days' }),
    renewBefore: text('A certificate is due when it ends within this time.', { pattern: '^[1-9][0-9]{0,4}d$', format: 'days' }),
    bits: { type: 'integer', description: 'Length of RSA keys.', enum: [2048, 3072, 4096] },
    extraHosts: list('Names and addresses beside the known ones by which the API server is reached.', text('A DNS name or an address.')),
  }),
};
