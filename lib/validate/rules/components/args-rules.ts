import type { ClusterDefinition, MetaClusterDefinition } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { factsOf } from '../../../versions/facts.ts';
import { MINORS, type Minor } from '../../../versions/minor.ts';
import { removedFlag } from '../../../versions/removed.ts';
import { isOlder, supportedMinor } from '../../../versions/version.ts';
import { DEFAULTS } from '../../../model/defaults.ts';
import { isRepeatable, misfitOf } from './flag-values.ts';
import { EXCLUSIVE_FLAGS, OWNED_FLAGS, REQUIRED_FLAGS } from './owned-flags.ts';
import { below } from '../../paths.ts';
import { componentsOf, type Binary, type ClusterRule, type MetaRule } from '../../rule.ts';
import { error, isSecret, quoted, warning } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';

/** One argument of one component. */
interface Argument {
  readonly of: string;
  readonly path: string;
  readonly binary: Binary;
  readonly minor: Minor;
  readonly flag: string;
  readonly value: string | readonly string[] | null;
}

type ArgumentRule = (argument: Argument) => readonly Problem[];

/** Arguments that an author gives to components. A flag that is not known, or that we own, is judged no further. */
export const ARGUMENT_RULES: readonly ClusterRule[] = [
  (cluster) => argumentsOf(cluster).flatMap((argument) => firstOf(argument, [ownedFlag, exclusiveFlag, removedOrUnknown, requiredFlag, badValue, deprecatedFlag])),
  audiences,
];

/** Arguments of a meta cluster's static Pods. kubeadm owns most of what we own elsewhere, and says so itself. */
export const META_ARGUMENT_RULES: readonly MetaRule[] = [
  (meta) => metaArgumentsOf(meta).flatMap((argument) => firstOf(argument, [removedOrUnknown, badValue, deprecatedFlag])),
];

function firstOf(argument: Argument, rules: readonly ArgumentRule[]): readonly Problem[] {
  return rules.map((rule) => rule(argument)).find((problems) => problems.length > 0) ?? [];
}

function argumentsOf(cluster: ClusterDefinition): Argument[] {
  return componentsOf(cluster).flatMap(({ binary, path, given, minor }) => (minor === null ? [] : Object.entries(given.args ?? {})
    .map(([flag, value]) => ({ of: cluster.name, path: below(`${path}.args`, flag), binary, minor, flag, value }))));
}

const META_BINARIES = { apiserver: 'kube-apiserver', controllerManager: 'kube-controller-manager', scheduler: 'kube-scheduler' } as const;

function metaArgumentsOf(meta: MetaClusterDefinition): Argument[] {
  const minor = supportedMinor(meta.kubernetes);
  return (Object.keys(META_BINARIES) as (keyof typeof META_BINARIES)[]).flatMap((key) => (minor === null ? [] : Object.entries(meta.components?.[key] ?? {})
    .map(([flag, value]) => ({ of: meta.name, path: below(`components.${key}`, flag), binary: META_BINARIES[key], minor, flag, value }))));
}

const flagsOf = (binary: Binary, minor: Minor): Readonly<Record<string, string>> => factsOf(minor).components[binary].flags;

function ownedFlag({ of, path, binary, flag, value }: Argument): Problem[] {
  const owner = Object.hasOwn(OWNED_FLAGS[binary], flag) ? OWNED_FLAGS[binary][flag] : undefined;
  if (owner === undefined) return [];
  return value === null ? [error('args/required-flag', of, path, {
    what: `--${flag} of ${binary} is taken away.`,
    why: 'the control plane is built on it, and does not work without.',
    fix: owner,
  })] : [error('args/owned-flag', of, path, {
    what: `--${flag} of ${binary} is set by hand.`,
    why: 'it follows from the rest of the definition, and other manifests rely on its value.',
    fix: owner,
  })];
}

function requiredFlag({ of, path, binary, flag, value }: Argument): Problem[] {
  const why = Object.hasOwn(REQUIRED_FLAGS[binary], flag) ? REQUIRED_FLAGS[binary][flag] : undefined;
  if (why === undefined || value !== null) return [];
  return [error('args/required-flag', of, path, {
    what: `--${flag} of ${binary} is taken away.`,
    why,
    fix: `remove the null, or give --${flag} another value.`,
  })];
}

function exclusiveFlag({ of, path, binary, flag, value }: Argument): Problem[] {
  const pair = EXCLUSIVE_FLAGS.find((candidate) => candidate.binary === binary && candidate.flags.test(flag));
  if (pair === undefined || value === null) return [];
  return [error('args/exclusive', of, path, {
    what: `--${flag} of ${binary} excludes --${pair.with}, with which this control plane is built.`,
    why: `${binary} stops at its start when both are set.`,
    fix: pair.fix,
  })];
}

function removedOrUnknown({ of, path, binary, minor, flag, value }: Argument): Problem[] {
  const flags = flagsOf(binary, minor);
  if (Object.hasOwn(flags, flag)) return [];
  const removed = removedFlag(binary, flag);
  if (removed !== undefined) {
    return [error('args/removed-flag', of, path, {
      what: `--${flag} was removed from ${binary} in v${removed.removedIn}.`,
      why: `${removed.because}; ${binary} v${minor} stops at a flag that it does not know.`,
      fix: removed.instead,
    })];
  }
  const other = MINORS.filter((candidate) => Object.hasOwn(flagsOf(binary, candidate), flag));
  const [oldest, newest] = [other[0], other.at(-1)];
  if (newest !== undefined && isOlder(newest, minor)) return [goneFlag({ of, path, binary, minor, flag, value }, newest)];
  const later = oldest === undefined ? '' : ` It came with v${oldest}.`;
  return [error('args/unknown-flag', of, path, {
    what: `${binary} v${minor} has no flag --${flag}.${later || didYouMean(flag, Object.keys(flags))}`,
    why: `${binary} stops at a flag that it does not know.`,
    fix: later === '' ? 'correct the name, or remove it.' : 'remove it until the cluster has that version.',
  })];
}

const goneFlag = ({ of, path, binary, minor, flag }: Argument, newest: Minor): Problem => error('args/removed-flag', of, path, {
  what: `--${flag} was removed from ${binary} in v${MINORS[MINORS.indexOf(newest) + 1] ?? minor}.`,
  why: `${binary} v${minor} stops at a flag that it does not know.`,
  fix: 'remove it.',
});

function badValue({ of, path, binary, minor, flag, value }: Argument): Problem[] {
  const type = flagsOf(binary, minor)[flag] ?? '';
  if (value === null) return [];
  if (typeof value !== 'string' && value.length !== 1 && !isRepeatable(type)) {
    return [error('args/bad-value', of, path, {
      what: `--${flag} of ${binary} has ${value.length} values, and takes one.`,
      why: value.length === 0 ? 'an empty list sets nothing.' : 'the last one would win, and the others be ignored without a word.',
      fix: 'write a single text.',
    })];
  }
  return [value].flat().flatMap((text) => {
    const misfit = misfitOf(type, text);
    return misfit === null ? [] : [error('args/bad-value', of, path, {
      what: `--${flag} of ${binary} is ${isSecret(path) ? 'a text' : quoted(text)}, which is not ${misfit.kind}.`,
      why: `${binary} stops at a value that it cannot read.`,
      fix: `write ${misfit.kind}, for example '${misfit.example}'.`,
    })];
  });
}

function deprecatedFlag({ of, path, binary, minor, flag }: Argument): Problem[] {
  if (!factsOf(minor).components[binary].deprecatedFlags.includes(flag)) return [];
  return [warning('args/deprecated-flag', of, path, {
    what: `--${flag} of ${binary} is deprecated in v${minor}.`,
    why: 'a later release removes it, and stops at it.',
    fix: `remove it; \`${binary} --help\` names what took its place, if anything did.`,
  })];
}

/** Tokens of service accounts are for the issuer unless they ask for another audience. */
function audiences(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { args = {} } = cluster.components?.apiserver ?? {};
  const listed = [args['api-audiences'] ?? []].flat().flatMap((text) => text.split(','));
  const [issuer = ''] = [args['service-account-issuer'] ?? `https://kubernetes.default.svc.${cluster.network.dnsDomain ?? DEFAULTS.dnsDomain}`].flat();
  if (listed.length === 0 || listed.includes(issuer)) return [];
  return [error('args/audiences', cluster.name, "components.apiserver.args['api-audiences']", {
    what: `--api-audiences does not name the issuer ${issuer}.`,
    why: 'tokens of service accounts are made for the issuer, and every one of them would be refused.',
    fix: `add ${issuer}, or remove api-audiences.`,
  })];
}
