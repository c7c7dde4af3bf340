import { anyObject, choice, dnsLabel, list, mapOf, object, oneOfTexts, option, ref, text, type Schema } from './fields.ts';

/** People's own software in a cluster, as `addon(…)` writes it: all that it was read from is in it, as data. */
export const ADDON_DEFINITIONS: Record<string, Schema> = {
  AddonFile: object('A file of a template.', {
    path: text('Relative to the folder of the version.'),
    text: text('All that is in it.'),
  }, ['path', 'text']),
  AddonSource: choice('What it is made from.', [
    option('template', 'A folder of YAML with typed parameters.', {
      folder: text('Relative to the fleet\'s folder, with the version.'),
      files: list('What was found there.', ref('AddonFile')),
      versions: list('What was found instead, when the version is not there.', text('A version.')),
    }, ['folder', 'files']),
    option('chart', 'A Helm chart, rendered by `helm` when the definition is loaded.', {
      chart: text('Archive or folder, relative to the fleet\'s folder.'),
      digest: text('What it is pinned to.'),
      found: text('What it is.'),
      values: anyObject('Values of the chart.'),
      lookups: list('Templates that ask the cluster what is there.', text('A file.')),
      output: text('What was rendered, without hooks.'),
      hooks: list('What was left out.', text('Kind and name.')),
      fault: object('Why nothing was rendered.', {
        code: oneOfTexts('What went wrong.', ['missing', 'failed', 'unstable']),
        said: text('What there is to say of it.'),
      }, ['code', 'said']),
    }, ['chart', 'digest', 'found', 'lookups']),
    option('construct', 'A cdk8s chart, or whatever else returns objects.', {
      objects: list('What it returned.', {}),
    }, ['objects']),
  ]),
  Addon: object('Something of your own that is installed in the cluster.', {
    name: dnsLabel('Its name, unique in the cluster.'),
    version: text('Its version.', { pattern: '^[A-Za-z0-9][A-Za-z0-9._+-]*$', maxLength: 63 }),
    namespace: dnsLabel('Where its objects go that name no namespace: `kube-system` when absent.'),
    parameters: anyObject('Parameters of a template or a construct.'),
    foreignKinds: mapOf('Kinds of others that it has objects of, and whose CustomResourceDefinitions are not in this cluster\'s manifests: `monitoring.coreos.com/v1/ServiceMonitor`.',
      oneOfTexts('Whether its objects live in a namespace.', ['Namespaced', 'Cluster'])),
    provided: list('What it needs and somebody else brings, such as a Secret with credentials.', object('An object.', {
      kind: text('Its kind: `Secret`.'),
      name: text('Its name.'),
      namespace: dnsLabel('Its namespace: that of the add-on when absent.'),
    }, ['kind', 'name'])),
    acknowledgedRights: list('Rights in the whole cluster that were reviewed, each as its warning says it: `ClusterRoleBinding csi lets ServiceAccount kube-system/csi do everything in the whole cluster`.', text('A right.')),
    source: ref('AddonSource'),
  }, ['name', 'source']),
};
