import type { Problem } from '../../../problem.ts';
import type { ConfigKind } from '../../../versions/config-fields.ts';
import { below, fieldOf } from '../../paths.ts';
import { error, quoted } from '../../say.ts';
import { REFUSED } from './refused.ts';

/** A configuration file, or a part of one. */
interface Given {
  readonly of: string;
  readonly path: string;
  readonly kind: ConfigKind;
  readonly given: object | undefined;
}

/** A field that must be there, and have one of these values; null for any. */
interface Demand {
  /** Where the field is, when not at the top. */
  readonly within?: string;
  readonly field: string;
  readonly among: readonly string[] | null;
  /** Only when this other field is there; its own name where the field may be left out. */
  readonly beside?: string;
}

const typeOf = (kind: string, group: string, ...versions: readonly string[]): Demand[] =>
  [{ field: 'apiVersion', among: versions.map((version) => `${group}/${version}`) }, { field: 'kind', among: [kind] }];

/** What the API server's own validation demands, the same from 1.33 to 1.36. */
const DEMANDS: Readonly<Partial<Record<ConfigKind, readonly Demand[]>>> = {
  PolicyRule: [{ field: 'level', among: ['None', 'Metadata', 'Request', 'RequestResponse'] }],
  WebhookConfiguration: [
    { field: 'timeout', among: null },
    { field: 'failurePolicy', among: ['NoOpinion', 'Deny'] },
    { field: 'subjectAccessReviewVersion', among: ['v1', 'v1beta1'] },
    { field: 'matchConditionSubjectAccessReviewVersion', among: ['v1'], beside: 'matchConditions' },
  ],
  EventRateLimitConfiguration: [...typeOf('Configuration', 'eventratelimit.admission.k8s.io', 'v1alpha1'), { field: 'limits', among: null }],
  PodSecurityConfiguration: [
    ...typeOf('PodSecurityConfiguration', 'pod-security.admission.config.k8s.io', 'v1', 'v1beta1', 'v1alpha1'),
    ...['enforce', 'audit', 'warn'].map((field): Demand => ({ within: 'defaults', field, among: ['privileged', 'baseline', 'restricted'], beside: field })),
  ],
  ResourceQuotaConfiguration: typeOf('ResourceQuotaConfiguration', 'apiserver.config.k8s.io', 'v1'),
};

/** What lacks a value that must be there, or has another one. */
export function demandProblems(config: Given): Problem[] {
  return (DEMANDS[config.kind] ?? []).flatMap(({ within, field, among, beside }) => {
    const owner = within === undefined ? config.given : fieldOf(config.given, within);
    const value = fieldOf(owner, field);
    if (beside !== undefined && fieldOf(owner, beside) === undefined && value === undefined) return [];
    if (value !== undefined && (typeof value !== 'string' || among === null || among.includes(value))) return [];
    return [error('config/value', config.of, [within, field].reduce<string>((path, step) => (step === undefined ? path : below(path, step)), config.path), {
      what: value === undefined ? `${config.kind} has no ${field}.` : `${field} of ${config.kind} is ${quoted(String(value))}.`,
      why: REFUSED,
      fix: among === null ? `add ${field}.` : `write ${among.join(' or ')}.`,
    })];
  });
}
