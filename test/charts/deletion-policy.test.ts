import { readFileSync } from 'node:fs';
import type { NamedRuleWithOperations, ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding } from 'kubernetes-types/admissionregistration/v1';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deletionPolicy } from '../../charts/meta/deletion-policy.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import { ROOT } from '../support/compiled.ts';
import { filesBelow } from '../support/folders.ts';

const [policy, binding] = deletionPolicy() as [ValidatingAdmissionPolicy, ValidatingAdmissionPolicyBinding];
const { spec } = policy;
/** The types leave `resources` out. */
const rules: readonly (NamedRuleWithOperations & { readonly resources?: readonly string[] })[] = spec?.matchConstraints?.resourceRules ?? [];

type Labels = Readonly<Record<string, string>>;

/** JavaScript reads as much of CEL as stands here in the same way: `in`, `==`, `&&`, `||`, `? :` and fields. */
const evaluate = (expression: string, names: Readonly<Record<string, unknown>>): unknown =>
  new Function(...Object.keys(names), `return ${expression}`)(...Object.values(names)) as unknown;

function isAllowed(own: Labels, namespaceObject: { readonly metadata: { readonly labels?: Labels } } | null): boolean {
  const names = { oldObject: { metadata: { labels: own } }, namespaceObject, has: (value: unknown) => value !== undefined };
  const variables = Object.fromEntries((spec?.variables ?? []).map(({ name, expression }) => [name, evaluate(expression, names)]));
  return (spec?.validations ?? []).every(({ expression }) => evaluate(expression ?? '', { ...names, variables }) === true);
}

const HOLDS = { 'kubewright.dev/holds': 'state' };
const inNamespace = (labels?: Labels) => ({ metadata: labels === undefined ? {} : { labels } });

describe('deletion of what holds state', () => {
  test.for([
    ['a claim of a cluster that stays', false, HOLDS, inNamespace({ 'kubewright.dev/cluster': 'prod' })],
    ['in a namespace without labels', false, HOLDS, inNamespace()],
    ['a namespace, or a volume', false, HOLDS, null],
    ['of another word', false, { ...HOLDS, 'kubewright.dev/deletion': 'yes' }, inNamespace({ 'kubewright.dev/state': 'running' })],
    ['a claim that somebody lets go', true, { ...HOLDS, 'kubewright.dev/deletion': 'allowed' }, inNamespace({})],
    ['a volume that somebody lets go', true, { ...HOLDS, 'kubewright.dev/deletion': 'allowed' }, null],
    ['what is left in a namespace that is about to go', true, HOLDS, inNamespace({ 'kubewright.dev/state': 'decommissioning' })],
    ['a namespace that is about to go', true, { ...HOLDS, 'kubewright.dev/state': 'decommissioning' }, null],
    ['what is in a namespace that somebody lets go', true, HOLDS, inNamespace({ 'kubewright.dev/deletion': 'allowed' })],
  ] as const)('%s: %s', ([, allowed, own, around]) => {
    expect(isAllowed(own, around)).toBe(allowed);
  });
});

test('nothing is judged but a deletion of what has the label', () => {
  expect(spec?.matchConstraints?.objectSelector).toEqual({ matchLabels: HOLDS });
  expect([...new Set(rules.flatMap(({ operations }) => operations))]).toEqual(['DELETE']);
  expect(spec?.failurePolicy).toBe('Fail');
  expect(binding.spec).toEqual({ policyName: policy.metadata?.name, validationActions: ['Deny'] });
});

/** What is in the meta cluster, as it is committed. */
const MANIFESTS: readonly Manifest[] = filesBelow(`${ROOT}/dist`)
  .filter((path) => path.endsWith('.yaml') && /^[^/]+\/(?:crds|platform|clusters\/[^/]+\/(?:data|control-plane))\//.test(path))
  .map((path) => parse(readFileSync(`${ROOT}/dist/${path}`, 'utf8')) as Manifest);

const holds = ({ labels }: { readonly labels?: unknown }): boolean => (labels as Labels | undefined)?.['kubewright.dev/holds'] === 'state';

test('every kind that has the label is judged', () => {
  const kinds = new Set(MANIFESTS.filter(({ metadata }) => holds(metadata)).map(({ apiVersion, kind }) => `${apiVersion} ${kind.toLowerCase()}s`));
  const judged = rules.flatMap(({ apiGroups = [], apiVersions = [], resources = [] }) => resources.map((resource) => `${[apiGroups[0], apiVersions[0]].filter((part) => part !== '').join('/')} ${resource}`));
  expect([...kinds].filter((kind) => !judged.includes(kind))).toEqual([]);
  expect([...kinds].length).toBeGreaterThan(4);
});

test('the Secret of a SealedSecret holds state as that does', () => {
  const sealed = MANIFESTS.filter(({ kind }) => kind === 'SealedSecret');
  for (const { metadata, spec: { template } } of sealed as (Manifest & { readonly spec: { readonly template: { readonly metadata: object } } })[]) expect(holds(template.metadata), metadata.name).toBe(holds(metadata));
  expect(sealed.filter(({ metadata }) => holds(metadata)).map(({ metadata }) => metadata.name)).toContain('client-ca');
});

test('what no tool may prune, and is not only a class, has the label', () => {
  const kept = MANIFESTS.filter(({ metadata }) => (metadata.annotations as Labels | undefined)?.['kustomize.toolkit.fluxcd.io/prune'] === 'disabled');
  expect([...new Set(kept.filter(({ metadata }) => !holds(metadata)).map(({ kind }) => kind))].sort()).toEqual(['PriorityClass', 'StorageClass']);
});
