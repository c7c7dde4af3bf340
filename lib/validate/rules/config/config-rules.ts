import type { ClusterDefinition, MetaClusterDefinition } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { configFieldsOf, type ConfigField, type ConfigFields, type ConfigKind } from '../../../versions/config-fields.ts';
import { MINORS, type Minor } from '../../../versions/minor.ts';
import { isOlder, supportedMinor } from '../../../versions/version.ts';
import { below } from '../../paths.ts';
import type { ClusterRule, MetaRule } from '../../rule.ts';
import { error, kindOf } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';
import { demandProblems } from './config-demands.ts';
import { REFUSED } from './refused.ts';

/** A configuration file, or a part of one, as far as an author wrote it. */
interface GivenConfig {
  readonly of: string;
  readonly path: string;
  readonly kind: ConfigKind;
  readonly version: string;
  readonly given: object | undefined;
}

/** Fields of what an author passes on to components, as their own release knows them. */
export const CONFIG_RULES: readonly ClusterRule[] = [
  ({ name, kubernetes, nodes, network }: ClusterDefinition) => [
    { of: name, path: 'nodes.kubelet', kind: 'KubeletConfiguration', version: nodes?.kubernetes ?? kubernetes, given: nodes?.kubelet } as const,
    { of: name, path: 'network.kubeProxy.configuration', kind: 'KubeProxyConfiguration', version: nodes?.kubernetes ?? kubernetes, given: network.kubeProxy?.configuration } as const,
  ].flatMap(configProblems),
  ({ name, kubernetes, components, authentication, authorization, admission, audit }: ClusterDefinition) => {
    const part = (kind: ConfigKind, path: string, given: object): GivenConfig => ({ of: name, path, kind, version: components?.apiserver?.version ?? kubernetes, given });
    const rules = typeof audit?.policy === 'object' ? audit.policy.rules : [];
    return [
      ...(authentication?.jwt ?? []).map((given, index) => part('JWTAuthenticator', below('authentication.jwt', index), given)),
      ...(authorization?.webhooks ?? []).map(({ webhook }, index) => part('WebhookConfiguration', `${below('authorization.webhooks', index)}.webhook`, webhook)),
      ...rules.map((given, index) => part('PolicyRule', below('audit.policy.rules', index), given)),
      ...Object.entries(PLUGINS).flatMap(([plugin, kind]) => (admission?.configuration?.[plugin] === undefined ? [] : [part(kind, below('admission.configuration', plugin), admission.configuration[plugin])])),
    ].flatMap(configProblems);
  },
];

/** What admission plugins read. The file of such a one names its own type. */
const PLUGINS = { EventRateLimit: 'EventRateLimitConfiguration', PodSecurity: 'PodSecurityConfiguration', ResourceQuota: 'ResourceQuotaConfiguration' } as const;

const TYPED: ReadonlySet<ConfigKind> = new Set(Object.values(PLUGINS));

const TYPE: ConfigFields = { apiVersion: 'text', kind: 'text' };

export const META_CONFIG_RULES: readonly MetaRule[] = [
  ({ name, kubernetes, kubelet, kubeProxy }: MetaClusterDefinition) => [
    { of: name, path: 'kubelet', kind: 'KubeletConfiguration', version: kubernetes, given: kubelet } as const,
    { of: name, path: 'kubeProxy', kind: 'KubeProxyConfiguration', version: kubernetes, given: kubeProxy } as const,
  ].flatMap(configProblems),
];

function configProblems(config: GivenConfig): Problem[] {
  const minor = supportedMinor(config.version);
  if (minor === null) return [];
  const fields = configFieldsOf(minor, config.kind);
  return [...fieldProblems(config, minor, config.given ?? {}, TYPED.has(config.kind) ? { ...TYPE, ...fields } : fields, []), ...demandProblems(config)];
}

type Steps = readonly (string | number)[];

/** null takes a field away, whatever the field takes. */
function fieldProblems(config: GivenConfig, minor: Minor, given: object, fields: ConfigFields, steps: Steps): Problem[] {
  return Object.entries(given as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const here = [...steps, name];
    if (field === undefined) return [unknownField(config, minor, here, Object.keys(fields))];
    if (value === null) return [];
    if (!fits(field, value)) return [wrongType(config, here, field, value)];
    if (isItems(field)) return (value as readonly unknown[]).flatMap((item, index) => itemProblems(config, minor, item, field[0], [...here, index]));
    return typeof field === 'object' ? fieldProblems(config, minor, value as object, field, here) : [];
  });
}

function itemProblems(config: GivenConfig, minor: Minor, item: unknown, fields: ConfigFields, steps: Steps): Problem[] {
  return fits(fields, item) && item !== null ? fieldProblems(config, minor, item as object, fields, steps) : [wrongType(config, steps, fields, item)];
}

const pathOf = ({ path }: GivenConfig, steps: Steps): string => steps.reduce<string>(below, path);

/** As an author writes it, below the kind. */
const shown = (steps: Steps): string => steps.reduce<string>(below, '');

const LEFT_OUT = 'the program starts all the same and leaves the field out, which only its log would tell.';

/** What becomes of a field that a program does not know, as the real ones show. */
const UNKNOWN: Readonly<Record<ConfigKind, { readonly why: string; readonly readers: string }>> = {
  KubeletConfiguration: { why: LEFT_OUT, readers: 'nodes' },
  KubeProxyConfiguration: { why: LEFT_OUT, readers: 'nodes' },
  JWTAuthenticator: { why: REFUSED, readers: 'API servers' },
  WebhookConfiguration: { why: REFUSED, readers: 'API servers' },
  PolicyRule: { why: LEFT_OUT, readers: 'API servers' },
  EventRateLimitConfiguration: { why: LEFT_OUT, readers: 'API servers' },
  PodSecurityConfiguration: { why: REFUSED, readers: 'API servers' },
  ResourceQuotaConfiguration: { why: REFUSED, readers: 'API servers' },
};

function unknownField(config: GivenConfig, minor: Minor, steps: Steps, known: readonly string[]): Problem {
  const since = MINORS.find((other) => isOlder(minor, other) && knows(configFieldsOf(other, config.kind), steps));
  const { why, readers } = UNKNOWN[config.kind];
  return error('config/unknown-field', config.of, pathOf(config, steps), {
    what: `${config.kind} of v${minor} has no field ${shown(steps)}.${since === undefined ? didYouMean(String(steps.at(-1)), known) : ` It comes with v${since}.`}`,
    why,
    fix: since === undefined ? 'correct the name, or remove it.' : `remove it until ${readers} have that version.`,
  });
}

/** Places in a list say nothing of what is there. */
function knows(fields: ConfigFields, steps: Steps): boolean {
  const [first = '', ...rest] = steps.filter((step) => typeof step === 'string');
  const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
  if (field === undefined || rest.length === 0) return field !== undefined;
  return typeof field === 'object' && knows(isItems(field) ? field[0] : field, rest);
}

function wrongType(config: GivenConfig, steps: Steps, field: ConfigField, value: unknown): Problem {
  const takes = isItems(field) ? 'a list of objects' : typeof field === 'object' ? 'an object' : SHOWN[field];
  return error('config/wrong-type', config.of, pathOf(config, steps), {
    what: `${shown(steps)} of ${config.kind} is ${kindOf(value)}, and takes ${takes}.`,
    why: 'the program stops at its start on a file that it cannot read.',
    fix: 'write a value of that kind.',
  });
}

const SHOWN = { any: 'anything', boolean: 'true or false', list: 'a list', map: 'an object', number: 'a number', text: 'a text' } as const;

const isItems = (field: ConfigField): field is readonly [ConfigFields] => Array.isArray(field);

/** What a kind of field is as a JSON value. */
function fits(field: ConfigField, value: unknown): boolean {
  if (field === 'any') return true;
  if (field === 'list' || isItems(field)) return Array.isArray(value);
  if (typeof field === 'object' || field === 'map') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === (field === 'text' ? 'string' : field);
}
