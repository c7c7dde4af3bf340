import type { Problem } from '../../../problem.ts';
import { factsOf } from '../../../versions/facts.ts';
import { MINORS, type Minor } from '../../../versions/minor.ts';
import { supportedMinor } from '../../../versions/version.ts';
import { below } from '../../paths.ts';
import type { ClusterRule } from '../../rule.ts';
import { error } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';

/** Admission plugins. */
export const ADMISSION_RULES: readonly ClusterRule[] = [knownPlugins, requiredPlugins, configuredPlugins, contradictions];

/** Plugins on which the safety of every cluster rests, and what is lost without each. */
const REQUIRED_PLUGINS: Readonly<Record<string, string>> = {
  MutatingAdmissionWebhook: 'webhooks would be skipped in silence.',
  NamespaceLifecycle: 'objects could be made in namespaces that are being deleted, which then never end.',
  NodeRestriction: 'a node could change other nodes and read their secrets.',
  PodSecurity: 'labels that forbid privileged Pods would have no effect.',
  Priority: 'Pods with a priority class would be refused.',
  ServiceAccount: 'Pods would get no token, and controllers could not work.',
  StorageObjectInUseProtection: 'a volume could be deleted under the Pod that uses it.',
  ValidatingAdmissionPolicy: 'policies would be skipped in silence.',
  ValidatingAdmissionWebhook: 'webhooks would be skipped in silence.',
};

function knownPlugins(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const minor = supportedMinor(cluster.components?.apiserver?.version ?? cluster.kubernetes);
  const { enable = [], disable = [], configuration = {} } = cluster.admission ?? {};
  if (minor === null) return [];
  const named = [
    ...enable.map((plugin, index) => ({ plugin, path: below('admission.enable', index) })),
    ...disable.map((plugin, index) => ({ plugin, path: below('admission.disable', index) })),
    ...Object.keys(configuration).map((plugin) => ({ plugin, path: below('admission.configuration', plugin) })),
  ];
  return named.filter(({ plugin }) => !pluginsOf(minor).includes(plugin)).map(({ plugin, path }) => unknownPlugin(cluster.name, path, plugin, minor));
}

const pluginsOf = (minor: Minor): readonly string[] => factsOf(minor).admissionPlugins.known;

function unknownPlugin(of: string, path: string, plugin: string, minor: Minor): Problem {
  const others = MINORS.filter((candidate) => pluginsOf(candidate).includes(plugin));
  const elsewhere = others.length === 0 ? didYouMean(plugin, pluginsOf(minor)) : ` v${others[0]}${others.length > 1 ? ' and others have' : ' has'} it.`;
  return error('admission/unknown-plugin', of, path, {
    what: `kube-apiserver v${minor} has no admission plugin ${plugin}.${elsewhere}`,
    why: 'kube-apiserver stops at a plugin that it does not know.',
    fix: others.length === 0 ? 'correct the name, or remove it.' : 'remove it while the cluster is of this version.',
  });
}

function requiredPlugins(...[{ name, admission }]: Parameters<ClusterRule>): Problem[] {
  return (admission?.disable ?? []).flatMap((plugin, index) => {
    const why = Object.hasOwn(REQUIRED_PLUGINS, plugin) ? REQUIRED_PLUGINS[plugin] : undefined;
    return why === undefined ? [] : [error('admission/required-plugin', name, below('admission.disable', index), {
      what: `admission plugin ${plugin} is disabled.`,
      why,
      fix: `remove ${plugin} from admission.disable.`,
    })];
  });
}

/** Plugins that stop the API server when nobody says what they shall do. */
const CONFIGURED_PLUGINS = ['EventRateLimit', 'ImagePolicyWebhook'];

function configuredPlugins(...[{ name, admission }]: Parameters<ClusterRule>): Problem[] {
  const { enable = [], configuration = {} } = admission ?? {};
  return enable.flatMap((plugin, index) => (!CONFIGURED_PLUGINS.includes(plugin) || Object.hasOwn(configuration, plugin) ? [] : [
    error('admission/configuration', name, below('admission.enable', index), {
      what: `admission plugin ${plugin} is enabled and has no configuration.`,
      why: 'kube-apiserver stops at its start.',
      fix: `add admission.configuration.${plugin}.`,
    }),
  ]));
}

function contradictions(...[{ name, admission }]: Parameters<ClusterRule>): Problem[] {
  const { enable = [], disable = [], configuration = {} } = admission ?? {};
  const used = (plugin: string): string | undefined =>
    (enable.includes(plugin) ? 'enabled' : Object.hasOwn(configuration, plugin) ? 'configured' : undefined);
  return disable.flatMap((plugin, index) => {
    const how = used(plugin);
    return how === undefined ? [] : [error('admission/contradiction', name, below('admission.disable', index), {
      what: `admission plugin ${plugin} is ${how} and disabled.`,
      why: 'kube-apiserver refuses it, or ignores what was meant.',
      fix: 'keep one of the two.',
    })];
  });
}
