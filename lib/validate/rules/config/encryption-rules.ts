import { isCovered } from '../../../model/encrypted.ts';
import type { Problem } from '../../../problem.ts';
import type { ClusterRule } from '../../rule.ts';
import { error, quoted, wordsOf, type Words } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';
import { REFUSED } from './refused.ts';

/** How secrets are kept. What the API server says of its EncryptionConfiguration it says at its start, by stopping. */
export const ENCRYPTION_RULES: readonly ClusterRule[] = [kms, names, overlaps, readable];

function kms(...[{ name, encryption, components }]: Parameters<ClusterRule>): Problem[] {
  if (encryption === undefined) return [];
  const { provider, kms: plugin } = encryption;
  if ((provider === 'kms') !== (plugin !== undefined)) {
    return [error('encryption/kms', name, 'encryption.kms', plugin === undefined ? {
      what: 'encryption.provider is kms, and encryption.kms is missing.',
      why: 'the API server would not know which plugin to ask.',
      fix: 'add encryption.kms with a name and the endpoint of the plugin\'s socket.',
    } : {
      what: `encryption.kms is set, but encryption.provider is ${provider}.`,
      why: 'the plugin would not be used, and secrets be kept in another way than you think.',
      fix: 'set encryption.provider to kms, or remove encryption.kms.',
    })];
  }
  if (plugin === undefined) return [];
  const socket = plugin.endpoint.replace(/^unix:\/\//, '');
  const covers = (components?.apiserver?.extraVolumes ?? []).some(({ mountPath }) => socket.startsWith(`${mountPath.replace(/\/+$/, '')}/`));
  return covers ? [] : [error('encryption/kms', name, 'encryption.kms.endpoint', {
    what: `no extra volume of the API server holds the socket ${quoted(socket)}.`,
    why: 'the API server could not reach the plugin, and stops at its start.',
    fix: `add to components.apiserver.extraVolumes a volume with mountPath ${folderOf(socket)}.`,
  })];
}

/** What is to be read encrypted before it is written so. */
function readable(...[{ name, encryption }]: Parameters<ClusterRule>): Problem[] {
  const { provider = 'none', resources = [], readable: named = [] } = encryption ?? {};
  const written = named.filter((resource) => isCovered(resource, resources));
  const problem = (words: Words): Problem => error('encryption/readable', name, 'encryption.readable', words);
  return [
    ...(written.length === 0 ? [] : [problem({
      what: `encryption.readable has ${wordsOf(written)}, and so does encryption.resources.`,
      why: 'what is written encrypted is read so, too, and the API server refuses a resource after a pattern that has it.',
      fix: `remove ${wordsOf(written)} from encryption.readable.`,
    })]),
    ...(provider !== 'kms' || resources.length === 0 || named.length === 0 ? [] : [problem({
      what: 'encryption has resources and readable, and its provider is kms.',
      why: 'its plugin would stand twice in the configuration, and the API server refuses the second of one name.',
      fix: 'leave readable out; more is encrypted while the cluster sleeps.',
    })]),
  ];
}

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 1));

/** As the API server takes it apart: all behind the first dot is the group, and the core group has no name. */
interface Resource {
  readonly text: string;
  readonly name: string;
  readonly group: string;
}

function resourceOf(text: string): Resource {
  const dot = text.indexOf('.');
  return dot < 0 ? { text, name: text, group: '' } : { text, name: text.slice(0, dot), group: text.slice(dot + 1) };
}

const LISTS = ['resources', 'readable'] as const;

/** What the core group keeps (https://kubernetes.io/docs/reference/kubernetes-api/). */
const CORE = [
  'configmaps', 'endpoints', 'events', 'limitranges', 'namespaces', 'nodes', 'persistentvolumeclaims', 'persistentvolumes', 'pods',
  'podtemplates', 'replicationcontrollers', 'resourcequotas', 'secrets', 'serviceaccounts', 'services',
];

interface NameFault {
  readonly of: (resource: Resource) => boolean;
  readonly words: (resource: Resource) => Words;
}

/** `validateResourceNames` of k8s.io/apiserver, the same from 1.33 to 1.36; and what that lets pass, which encrypts nothing. */
const NAME_FAULTS: readonly NameFault[] = [
  { of: ({ text }) => /[A-Z]/.test(text), words: ({ text }) => ({ what: `${quoted(text)} has capital letters.`, why: REFUSED, fix: `write the plural name in lower case, ${text.toLowerCase()}.` }) },
  { of: ({ text }) => text === '*', words: () => ({ what: `${quoted('*')} is no pattern.`, why: REFUSED, fix: 'write *. for all of the core group, or *.* for everything.' }) },
  { of: ({ group }) => group === 'events.k8s.io', words: ({ text }) => ({ what: `${quoted(text)} is kept as events of the core group.`, why: REFUSED, fix: 'write events.' }) },
  { of: ({ group }) => group === 'extensions', words: ({ text }) => ({ what: `${quoted(text)} is of the group extensions, which Kubernetes has no longer.`, why: REFUSED, fix: 'write its group of today, as in deployments.apps.' }) },
  { of: ({ name, group }) => group === '*' && name !== '*', words: ({ text }) => ({ what: `${quoted(text)} is one resource in every group.`, why: REFUSED, fix: 'name the group, as in deployments.apps.' }) },
  {
    of: ({ name, group }) => group === '' && name !== '*' && !CORE.includes(name),
    words: ({ text, name }) => ({
      what: `${quoted(text)} is no resource of the core group.${didYouMean(name, CORE)}`,
      why: 'the API server takes any name, and what you meant would be kept in clear.',
      fix: 'write the plural name; one of another group has that behind a dot, as in deployments.apps.',
    }),
  },
];

/** Every name means something. */
function names(...[{ name, encryption }]: Parameters<ClusterRule>): Problem[] {
  return LISTS.flatMap((list) => (encryption?.[list] ?? []).flatMap((text, index) => {
    const resource = resourceOf(text);
    const fault = NAME_FAULTS.find(({ of }) => of(resource));
    return fault === undefined ? [] : [error('encryption/resources', name, `encryption.${list}[${index}]`, fault.words(resource))];
  }));
}

/** `validateResourceOverlap` of k8s.io/apiserver: in one list, nothing stands twice or beside a pattern that has it. */
function overlaps(...[{ name, encryption }]: Parameters<ClusterRule>): Problem[] {
  return LISTS.flatMap((list) => {
    const texts = encryption?.[list] ?? [];
    const superfluous = [...new Set(texts.filter((text, index) => texts.indexOf(text) < index || isCovered(text, texts.filter((other) => other !== text))))];
    return superfluous.length === 0 ? [] : [error('encryption/resources', name, `encryption.${list}`, {
      what: `encryption.${list} has ${wordsOf(superfluous)} more than once, by name or by a pattern.`, why: REFUSED, fix: 'write each once, or only the pattern.',
    })];
  });
}
