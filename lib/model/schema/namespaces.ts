import { dnsLabel, dnsName, flag, list, mapOf, object, oneOfTexts, quantity, ref, type Schema } from './fields.ts';

/** Namespaces that people work in, with what bounds them. */
export const NAMESPACE_DEFINITIONS: Record<string, Schema> = {
  TenantNamespace: object('A namespace of the cluster. It holds state: when it leaves the definition it stays in the cluster.', {
    name: dnsLabel('Name of the namespace.'),
    podSecurity: oneOfTexts('Pod Security Standard that its Pods must keep: `baseline` when absent.', ['privileged', 'baseline', 'restricted']),
    quota: mapOf('Upper limits of a ResourceQuota: `requests.cpu`, `limits.memory`, `count/jobs.batch` …', quantity('How much there may be.')),
    defaults: ref('Resources'),
    isolated: flag('Its Pods talk among themselves and to DNS; everything else needs a NetworkPolicy of your own.'),
    bindings: list('Who may do what in this namespace.', ref('Binding')),
    pullSecrets: list('Secrets with which its Pods pull images, by their names; you bring them.', dnsName('A Secret in the namespace.')),
  }, ['name']),
};
