import type { Break } from './breaking.ts';

const container = 'spec.template.spec.containers.0';

/** Manifests that are not what the API server reads. */
export const STRUCTURE_BREAKS: readonly Break[] = [
  { shows: 'a field with a slip', of: 'apiserver', at: 'spec.replica', to: 3, code: 'manifest/unknown-field', says: ['Deployment cp-a/kube-apiserver: spec.replica is no field of this kind. Did you mean replicas?'] },
  { shows: 'a field deep inside', of: 'apiserver', at: `${container}.ports.0.hostport`, to: 1, code: 'manifest/unknown-field', says: ['spec.template.spec.containers[0].ports[0].hostport is no field'] },
  { shows: 'text for a number', of: 'etcd', at: 'spec.minReadySeconds', to: '5', code: 'manifest/wrong-type', says: ['spec.minReadySeconds must be a whole number, not text'] },
  { shows: 'a fraction for a whole number', of: 'etcd', at: 'spec.minReadySeconds', to: 1.5, code: 'manifest/wrong-type', says: ['not `1.5`'] },
  { shows: 'a number in a map of texts', of: 'apiserverConfig', at: 'data.n', to: 5, code: 'manifest/wrong-type', says: ['data.n must be text'] },
  { shows: 'an object for a list', of: 'budget', at: 'metadata.finalizers', to: {}, code: 'manifest/wrong-type', says: ['must be a list, not an object'] },
  { shows: 'a list for an object', of: 'budget', at: 'metadata.labels', to: ['x'], code: 'manifest/wrong-type', says: ['must be a map, not a list'] },
  { shows: 'neither number nor text', of: 'budget', at: 'spec.maxUnavailable', to: true, code: 'manifest/wrong-type', says: ['must be a whole number or text'] },
  { shows: 'a required field that is missing', of: 'api', at: 'spec.ports.0.port', to: undefined, code: 'manifest/missing-field', says: ['spec.ports[0] lacks `port`'] },
  { shows: 'a choice that is none', of: 'apiserver', at: `${container}.imagePullPolicy`, to: 'ifNotPresent', code: 'manifest/bad-value', says: ['Did you mean IfNotPresent?'] },
  { shows: 'no quantity', of: 'claim', at: 'spec.resources.requests.storage', to: '1 GiB', code: 'manifest/bad-value', says: ['is not a quantity'] },
  { shows: 'more than 32 bits', of: 'etcd', at: 'spec.minReadySeconds', to: 3_000_000_000, code: 'manifest/bad-value', says: ['does not fit in 32 bits'] },
  { shows: 'no base64', of: 'ca', at: 'binaryData', to: { logo: 'not base64!' }, code: 'manifest/bad-value', says: ['binaryData.logo is not base64'] },
  { shows: 'no time', of: 'ca', at: 'metadata.creationTimestamp', to: 'yesterday', code: 'manifest/bad-value', says: ['is not a time'] },
  { shows: 'a pattern of a custom resource', of: 'route', at: 'spec.hostnames', to: ['api_a'], code: 'manifest/bad-value', says: ['does not match the pattern'] },
  { shows: 'too few items in a custom resource', of: 'route', at: 'spec.hostnames', to: [], code: 'manifest/bad-value', says: ['needs at least 1'] },
  { shows: 'too much for a custom resource', of: 'route', at: 'spec.rules.0.backendRefs.0.port', to: 70000, code: 'manifest/bad-value', says: ['must be at most 65535'] },
  { shows: 'a field that a custom resource lacks', of: 'etcdPki', at: 'spec.encrypted', to: {}, code: 'manifest/unknown-field', says: ['Did you mean encryptedData?'] },
  { shows: 'metadata of a custom resource', of: 'route', at: 'metadata.label', to: {}, code: 'manifest/unknown-field', says: ['Did you mean labels?'] },
  { shows: 'a variable twice', of: 'etcd', at: `${container}.env.1`, to: { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, code: 'manifest/duplicate-list-key', says: ['env has the same name in items 0 and 1'] },
  { shows: 'a Service port twice, once with the default protocol', of: 'api', at: 'spec.ports.1', to: { name: 'again', port: 443, targetPort: 'https', protocol: 'TCP' }, code: 'manifest/duplicate-list-key', says: ['the same port and protocol'] },
  { shows: 'a kind that is gone', of: 'budget', at: 'apiVersion', to: 'policy/v1beta1', code: 'manifest/unknown-kind', says: ['has apiVersion policy/v1beta1, which Kubernetes 1.36 does not serve; it serves policy/v1.'] },
  { shows: 'a namespace for an object that has none', of: 'namespace', at: 'metadata.namespace', to: 'cp-a', code: 'manifest/scope', says: ['this kind has no namespace'] },
];

/** Values that the API server would store in another form. */
export const DEFAULT_BREAKS: readonly Break[] = [
  { shows: 'a thousand thousandths', of: 'apiserver', at: `${container}.resources.requests.cpu`, to: '1000m', code: 'manifest/not-canonical', says: ['is "1000m", which the API server stores as "1"'] },
  { shows: 'half a gibibyte', of: 'apiserver', at: `${container}.resources.requests.memory`, to: '0.5Gi', code: 'manifest/not-canonical', says: ['"512Mi"'] },
  { shows: 'a quantity as a number', of: 'apiserver', at: `${container}.resources.requests.cpu`, to: 2, code: 'manifest/not-canonical', says: ['is 2, which the API server stores as "2"'] },
  { shows: 'an exponent', of: 'claim', at: 'spec.resources.requests.storage', to: '1e9', code: 'manifest/not-canonical', says: ['without exponent'] },
  { shows: 'a null', of: 'etcd', at: 'spec.template.metadata.creationTimestamp', to: null, code: 'manifest/not-canonical', says: ['is null'] },
  { shows: 'an empty map', of: 'ca', at: 'metadata.annotations', to: {}, code: 'manifest/not-canonical', says: ['metadata.annotations is empty'] },
  { shows: 'an empty list', of: 'apiserver', at: `${container}.env`, to: [], code: 'manifest/not-canonical', says: ['env is empty'] },
  { shows: 'a port without protocol', of: 'api', at: 'spec.ports.0.protocol', to: undefined, code: 'manifest/not-canonical', says: ['spec.ports[0] lacks `protocol`'] },
  { shows: 'a policy port without protocol', of: 'etcdPolicy', at: 'spec.ingress.0.ports.0.protocol', to: undefined, code: 'manifest/not-canonical', says: ['spec.ingress[0].ports[0] lacks'] },
];

/** Names, labels and sizes that the API server refuses. */
export const NAME_BREAKS: readonly Break[] = [
  { shows: 'capitals', of: 'budget', at: 'metadata.name', to: 'Etcd', code: 'manifest/bad-name', says: ['metadata.name is `Etcd`'] },
  { shows: 'a CronJob that leaves no room for its Jobs', of: 'backup', at: 'metadata.name', to: 'b'.repeat(53), code: 'manifest/bad-name', says: ['has 53 characters, but may have at most 52'] },
  { shows: 'a port name of 16 letters', of: 'apiserver', at: `${container}.ports.1`, to: { name: 'a-very-long-name', containerPort: 1, protocol: 'TCP' }, code: 'manifest/bad-name', says: ['at most 15'] },
  { shows: 'a key that is no file name', of: 'ca', at: 'data.a/b', to: '', code: 'manifest/bad-name', says: ['data["a/b"] is `a/b`'] },
  { shows: 'a variable with a space', of: 'apiserver', at: `${container}.env`, to: [{ name: 'A B', value: '1' }], code: 'manifest/bad-name', says: ['env[0].name'] },
  { shows: 'a label value with a space', of: 'budget', at: 'metadata.labels', to: { team: 'a b' }, code: 'manifest/bad-label', says: ['metadata.labels.team is `a b`'] },
  { shows: 'a label value of 64', of: 'budget', at: 'metadata.labels', to: { team: 'a'.repeat(64) }, code: 'manifest/bad-label', says: ['64 characters'] },
  { shows: 'a label key with a bad prefix', of: 'budget', at: 'metadata.labels', to: { 'Team_A/x': 'y' }, code: 'manifest/bad-label', says: ['prefix'] },
  { shows: 'an annotation key with a space', of: 'budget', at: 'metadata.annotations', to: { 'a b': 'y' }, code: 'manifest/bad-label', says: ['metadata.annotations["a b"]'] },
  { shows: 'annotations of 256 KiB', of: 'budget', at: 'metadata.annotations', to: { note: 'x'.repeat(256 * 1024) }, code: 'manifest/too-large', says: ['metadata.annotations has 262148 bytes'] },
  { shows: 'a ConfigMap of a mebibyte', of: 'ca', at: 'data.big', to: 'x'.repeat(1024 * 1024), code: 'manifest/too-large', says: ['data has'] },
  { shows: 'a sealed value of a mebibyte', of: 'etcdPki', at: 'spec.encryptedData.big', to: 'x'.repeat(1_345_000), code: 'manifest/too-large', says: ['spec.encryptedData holds about'] },
];
