import type { ClusterDefinition, MetaClusterDefinition } from '../../model/definition.ts';
import type { Problem } from '../../problem.ts';
import { configFieldsOf, type ConfigField, type ConfigFields, type ConfigKind } from '../../versions/config-fields.ts';
import { MINORS, type Minor } from '../../versions/minor.ts';
import { isOlder, supportedMinor } from '../../versions/version.ts';
import { below } from '../paths.ts';
import type { ClusterRule, MetaRule } from '../rule.ts';
import { error, kindOf } from '../say.ts';
import { didYouMean } from '../suggest.ts';

/** A configuration file of nodes, as far as an author wrote it. */
interface GivenConfig {
  readonly of: string;
  readonly path: string;
  readonly kind: ConfigKind;
  readonly version: string;
  readonly given: object | undefined;
}

/** Fields of kubelets and of kube-proxy, as the nodes' own release knows them. */
export const CONFIG_RULES: readonly ClusterRule[] = [
  ({ name, kubernetes, nodes, network }: ClusterDefinition) => [
    { of: name, path: 'nodes.kubelet', kind: 'KubeletConfiguration', version: nodes?.kubernetes ?? kubernetes, given: nodes?.kubelet } as const,
    { of: name, path: 'network.kubeProxy.configuration', kind: 'KubeProxyConfiguration', version: nodes?.kubernetes ?? kubernetes, given: network.kubeProxy?.configuration } as const,
  ].flatMap(configProblems),
];

export const META_CONFIG_RULES: readonly MetaRule[] = [
  ({ name, kubernetes, kubelet, kubeProxy }: MetaClusterDefinition) => [
    { of: name, path: 'kubelet', kind: 'KubeletConfiguration', version: kubernetes, given: kubelet } as const,
    { of: name, path: 'kubeProxy', kind: 'KubeProxyConfiguration', version: kubernetes, given: kubeProxy } as const,
  ].flatMap(configProblems),
];

function configProblems(config: GivenConfig): Problem[] {
  const minor = supportedMinor(config.version);
  return minor === null ? [] : fieldProblems(config, minor, config.given ?? {}, configFieldsOf(minor, config.kind), []);
}

/** null takes a field away, whatever the field takes. */
function fieldProblems(config: GivenConfig, minor: Minor, given: object, fields: ConfigFields, steps: readonly string[]): Problem[] {
  return Object.entries(given as Readonly<Record<string, unknown>>).flatMap(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const here = [...steps, name];
    if (field === undefined) return [unknownField(config, minor, here, Object.keys(fields))];
    if (value === null) return [];
    if (!fits(field, value)) return [wrongType(config, here, field, value)];
    return typeof field === 'object' ? fieldProblems(config, minor, value as object, field, here) : [];
  });
}

const pathOf = ({ path }: GivenConfig, steps: readonly string[]): string => steps.reduce<string>(below, path);

function unknownField(config: GivenConfig, minor: Minor, steps: readonly string[], known: readonly string[]): Problem {
  const since = MINORS.find((other) => isOlder(minor, other) && knows(configFieldsOf(other, config.kind), steps));
  return error('config/unknown-field', config.of, pathOf(config, steps), {
    what: `${config.kind} of v${minor} has no field ${steps.join('.')}.${since === undefined ? didYouMean(steps.at(-1) ?? '', known) : ` It comes with v${since}.`}`,
    why: 'the program starts all the same and leaves the field out, which only its log would tell.',
    fix: since === undefined ? 'correct the name, or remove it.' : 'remove it until nodes have that version.',
  });
}

function knows(fields: ConfigFields, [first = '', ...rest]: readonly string[]): boolean {
  const field = Object.hasOwn(fields, first) ? fields[first] : undefined;
  return field !== undefined && (rest.length === 0 || (typeof field === 'object' && knows(field, rest)));
}

function wrongType(config: GivenConfig, steps: readonly string[], field: ConfigField, value: unknown): Problem {
  return error('config/wrong-type', config.of, pathOf(config, steps), {
    what: `${steps.join('.')} of ${config.kind} is ${kindOf(value)}, and takes ${typeof field === 'object' ? 'an object' : SHOWN[field]}.`,
    why: 'the program stops at its start on a file that it cannot read.',
    fix: 'write a value of that kind.',
  });
}

const SHOWN = { any: 'anything', boolean: 'true or false', list: 'a list', map: 'an object', number: 'a number', text: 'a text' } as const;

/** What a kind of field is as a JSON value. */
function fits(field: ConfigField, value: unknown): boolean {
  if (field === 'any') return true;
  if (field === 'list') return Array.isArray(value);
  if (typeof field === 'object' || field === 'map') return typeof value === 'object' && !Array.isArray(value);
  return typeof value === (field === 'text' ? 'string' : field);
}
