import type { Certificates } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { parseAddress } from '../../../net.ts';
import { daysOf } from '../../../units.ts';
import { DEFAULTS } from '../../../model/defaults.ts';
import { kubeconfigSecret } from '../../../model/names.ts';
import { below, fieldOf } from '../../paths.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error, quoted } from '../../say.ts';

/** Who may do what, and how long certificates last. */
export const ACCESS_RULES: readonly ClusterRule[] = [
  anonymousPaths, webhookNames, auditStages, userNames, userSecrets, userGroups, lifetimes, userLifetimes, extraHosts,
];

const PROBED_PATHS = ['/livez', '/readyz'];

function anonymousPaths(...[{ name, authentication }]: Parameters<ClusterRule>): Problem[] {
  const paths = authentication?.anonymousPaths;
  const missing = paths === undefined ? [] : PROBED_PATHS.filter((path) => !paths.includes(path));
  return missing.map((path) => error('authentication/anonymous-paths', name, 'authentication.anonymousPaths', {
    what: `${path} is not among the paths that anonymous clients may ask for.`,
    why: 'the kubelet\'s probes have no identity; no API server would ever be ready.',
    fix: `add ${path}.`,
  }));
}

function webhookNames(...[{ name, authorization }]: Parameters<ClusterRule>): Problem[] {
  const names = ['node', 'rbac', ...(authorization?.webhooks ?? []).map((webhook) => webhook.name)];
  return repeatsOf(names).map(({ index, value }) => error('authorization/duplicate', name, `authorization.webhooks[${index - 2}].name`, {
    what: `authorizer ${value} stands twice${index > 1 && ['node', 'rbac'].includes(value) ? '; Kubernetes\' own has that name' : ''}.`,
    why: 'the API server refuses a file with two authorizers of one name.',
    fix: 'choose another name.',
  }));
}

const AUDIT_STAGES = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'];

function auditStages(...[{ name, audit }]: Parameters<ClusterRule>): Problem[] {
  const { rules = [], omitStages = [] } = typeof audit?.policy === 'object' ? audit.policy : {};
  const lists = [['audit.policy', omitStages], ...rules.map((rule, index) => [below('audit.policy.rules', index), fieldOf(rule, 'omitStages') ?? []])] as const;
  return lists.flatMap(([path, stages]) => (Array.isArray(stages) ? stages as readonly unknown[] : []).flatMap((stage, index) => (AUDIT_STAGES.some((known) => known === stage) ? [] : [
    error('audit/stage', name, `${path}.omitStages[${index}]`, {
      what: `${quoted(String(stage))} is no stage of a request.`,
      why: 'the API server refuses the policy, and does not start.',
      fix: `write ${AUDIT_STAGES.join(', ')}.`,
    }),
  ])));
}

function userNames(...[{ name, users }]: Parameters<ClusterRule>): Problem[] {
  return repeatsOf((users ?? []).map((user) => user.name)).map(({ index, first, value }) => error('users/duplicate', name, `users[${index}].name`, {
    what: `user ${value} stands twice; the first is users[${first}].`,
    why: 'each user has one certificate and one kubeconfig, under the name of the user.',
    fix: 'put all groups into one entry, or choose another name.',
  }));
}

/** Names that differ may still want one Secret: `a@b` and `a-at-b`. */
function userSecrets(...[{ name, users = [] }]: Parameters<ClusterRule>): Problem[] {
  return repeatsOf(users.map((user) => kubeconfigSecret(`user-${user.name}`))).flatMap(({ index, first, value }) => {
    const [one, other] = [users[first]?.name ?? '', users[index]?.name ?? ''];
    return one === other ? [] : [error('users/duplicate', name, `users[${index}].name`, {
      what: `users ${one} and ${other} would have the same Secret ${value}.`,
      why: 'each user has one certificate and one kubeconfig, under the name of the user.',
      fix: 'choose another name for one of them.',
    })];
  });
}

function userGroups(...[{ name, users }]: Parameters<ClusterRule>): Problem[] {
  return (users ?? []).flatMap((user, userIndex) => user.groups.flatMap((group, index) => (!group.startsWith('system:') ? [] : [
    error('users/system-group', name, `users[${userIndex}].groups[${index}]`, {
      what: `user ${user.name} is in group ${group}.`,
      why: group === 'system:masters'
        ? 'no rule can take anything from that group, and the certificate cannot be revoked before it ends.'
        : 'groups that begin with system: belong to Kubernetes, whose rights change with its releases.',
      fix: 'choose a group of your own, and bind it to a ClusterRole inside the cluster.',
    }),
  ])));
}

/** Lifetimes as they will be: the author's, or the default ones. */
const lifetimesOf = (given: Certificates | undefined): { leaf: string; authority: string; renewBefore: string } => ({
  leaf: given?.leaf ?? DEFAULTS.certificates.leaf,
  authority: given?.authority ?? DEFAULTS.certificates.authority,
  renewBefore: given?.renewBefore ?? DEFAULTS.certificates.renewBefore,
});

function lifetimes(...[{ name, certificates }]: Parameters<ClusterRule>): Problem[] {
  const { leaf, authority, renewBefore } = lifetimesOf(certificates);
  const ordered = [
    { path: 'certificates.renewBefore', less: renewBefore, more: leaf, than: 'leaf', why: 'every certificate would be due from its first day.' },
    { path: 'certificates.leaf', less: leaf, more: authority, than: 'authority', why: 'a certificate is worth nothing once its authority has ended.' },
  ];
  return ordered.filter(({ less, more }) => daysOf(less) >= daysOf(more)).map(({ path, less, more, than, why }) => error('certificates/lifetimes', name, path, {
    what: `${path} ${less} is not less than certificates.${than} ${more}.`,
    why,
    fix: 'choose them so that renewBefore is less than leaf, and leaf less than authority.',
  }));
}

function userLifetimes(...[{ name, users, certificates }]: Parameters<ClusterRule>): Problem[] {
  const { authority } = lifetimesOf(certificates);
  return (users ?? []).flatMap(({ lifetime }, index) => (lifetime === undefined || !(daysOf(lifetime) >= daysOf(authority)) ? [] : [
    error('certificates/lifetimes', name, `users[${index}].lifetime`, {
      what: `users[${index}].lifetime ${lifetime} is not less than certificates.authority ${authority}.`,
      why: 'a certificate is worth nothing once its authority has ended.',
      fix: 'choose a shorter lifetime.',
    }),
  ]));
}

const HOST = /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

function extraHosts(...[{ name, certificates }]: Parameters<ClusterRule>): Problem[] {
  return (certificates?.extraHosts ?? []).flatMap((host, index) => {
    const isNumeric = /^[0-9.]+$/.test(host);
    if (parseAddress(host).ok || (HOST.test(host) && !isNumeric && host.length <= 253)) return [];
    return [error('certificates/extra-host', name, `certificates.extraHosts[${index}]`, {
      what: `${quoted(host)} is neither a DNS name in lower case nor an address.`,
      why: 'clients would not recognize it in the certificate.',
      fix: 'write it without scheme and port, for example api.internal.example.com or 10.0.0.5.',
    })];
  });
}
