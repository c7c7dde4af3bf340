import type { Delivery, FleetDefinition } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import type { ClusterRule } from '../../rule.ts';
import { error, quoted, warning } from '../../say.ts';

const SCHEMES: Readonly<Record<string, 'safe' | 'open'>> = { 'https:': 'safe', 'ssh:': 'safe', 'http:': 'open', 'git:': 'open' };

/** What may be wrong with the way in which a fleet is delivered. */
export function deliveryRules({ delivery }: Pick<FleetDefinition, 'delivery'>): Problem[] {
  return delivery === undefined ? [] : [...repository(delivery), ...branch(delivery), ...path(delivery), ...unusedSettings(delivery)];
}

function repository({ repository: given, tool }: Delivery): Problem[] {
  const url = URL.canParse(given) ? new URL(given) : null;
  const kind = url === null ? undefined : SCHEMES[url.protocol];
  if (url === null || kind === undefined || url.pathname.length < 2) {
    return [error('delivery/repository', 'fleet', 'delivery.repository', {
      what: `delivery.repository ${quoted(given)} is no URL of a git repository.`,
      why: 'neither Argo CD nor Flux could clone it.',
      fix: 'write https://git.example.com/platform/clusters.git, or ssh://git@git.example.com/platform/clusters.git.',
    })];
  }
  if (url.password !== '' || (url.username !== '' && url.protocol !== 'ssh:')) {
    return [error('delivery/repository', 'fleet', 'delivery.repository', {
      what: `delivery.repository ${quoted(given)} has credentials in it.`,
      why: 'they would stand in every Application, and in git for ever.',
      fix: 'take them out, and give them to the tool as a Secret: docs/tasks/deliver-with-argocd-or-flux.md says how.',
    })];
  }
  if (url.protocol === 'git:' && tool !== 'argocd') {
    return [error('delivery/repository', 'fleet', 'delivery.repository', {
      what: `delivery.repository ${quoted(given)} is of a protocol that Flux does not speak.`,
      why: 'a GitRepository takes http, https and ssh only.',
      fix: 'use https:// or ssh://.',
    })];
  }
  return kind === 'safe' ? [] : [warning('delivery/not-encrypted', 'fleet', 'delivery.repository', {
    what: `delivery.repository ${quoted(given)} is read without encryption.`,
    why: 'whoever stands between can change what every cluster applies.',
    fix: 'use https:// or ssh://.',
  })];
}

/** What git takes as the name of a branch; with `refs/` it would be looked for below `refs/heads/refs/`. */
const BRANCH = /^(?!refs\/|.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.))[A-Za-z0-9_][\w./@+-]*(?<![./])$/;

function branch({ branch: given }: Delivery): Problem[] {
  return BRANCH.test(given) ? [] : [error('delivery/branch', 'fleet', 'delivery.branch', {
    what: `delivery.branch ${quoted(given)} is no name of a branch.`,
    why: 'the tool would find nothing there, and apply nothing.',
    fix: 'write the name alone, such as main or release/2026.',
  })];
}

function path({ path: given = '' }: Delivery): Problem[] {
  const isFine = !given.startsWith('/') && given.split('/').every((step) => step !== '..' && /^[\w.-]*$/.test(step));
  return isFine ? [] : [error('delivery/path', 'fleet', 'delivery.path', {
    what: `delivery.path ${quoted(given)} is no folder of the repository.`,
    why: 'the tool would look for dist/ where it is not.',
    fix: 'write it relative to the top of the repository, such as platform/dist.',
  })];
}

function unusedSettings(delivery: Delivery): Problem[] {
  return (['argocd', 'flux'] as const).filter((tool) => delivery[tool] !== undefined && delivery.tool !== tool && delivery.tool !== 'both').map((tool) =>
    error('delivery/without-effect', 'fleet', `delivery.${tool}`, {
      what: `delivery.${tool} is given, and delivery.tool is ${delivery.tool}.`,
      why: 'nothing would come of it.',
      fix: `take it out, or choose \`${tool}\` or \`both\` in delivery.tool.`,
    }));
}

const nothingToSuspend: ClusterRule = ({ name, delivery }, context) => {
  if (delivery?.suspended === undefined || context.delivery !== undefined) return [];
  return [error('delivery/without-effect', name, 'delivery.suspended', {
    what: 'delivery.suspended is given, and the fleet has no delivery.',
    why: 'whatever applies dist/ would go on.',
    fix: 'take it out, or say in the fleet\'s delivery which tool applies dist/.',
  })];
};

/** What may be wrong with the delivery of one cluster. */
export const DELIVERY_RULES: readonly ClusterRule[] = [nothingToSuspend];
