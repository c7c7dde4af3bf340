import { listOf, objectOf, objectsOf, textOf, textsOf, wordOf, type Json } from '../objects/json.ts';

type Labels = Readonly<Record<string, string>>;

/** True when a LabelSelector (`matchLabels`, `matchExpressions`) selects an object with these labels. Empty selects all. */
export function selects(selector: Json, labels: Labels): boolean {
  const { matchLabels, matchExpressions } = objectOf(selector);
  return matchesAll(matchLabels, labels) && objectsOf(matchExpressions).every((expression) => holds(expression, labels));
}

/** True when every label of a plain map is there: the selector of a Service. */
export function matchesAll(wanted: Json, labels: Labels): boolean {
  const map = objectOf(wanted);
  for (const key in map) if (labels[key] !== map[key]) return false;
  return true;
}

function holds(expression: Json, labels: Labels): boolean {
  const { key, operator, values } = objectOf(expression);
  const value = labels[textOf(key) ?? ''];
  switch (operator) {
    case 'In': return value !== undefined && listOf(values).includes(value);
    case 'NotIn': return value === undefined || !listOf(values).includes(value);
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    default: return false;
  }
}

/** The label keys by which a LabelSelector, or the plain map of a Service, selects. */
export function keysOfSelector(selector: Json, plain: boolean): readonly string[] {
  if (plain) return Object.keys(objectOf(selector));
  const { matchLabels, matchExpressions } = objectOf(selector);
  return [...Object.keys(objectOf(matchLabels)), ...objectsOf(matchExpressions).map(({ key }) => textOf(key) ?? '')];
}

/** A selector as a sentence shows it: `app=etcd,cluster=a`. */
export function describeSelector(selector: Json, plain: boolean): string {
  const { matchLabels, matchExpressions } = objectOf(selector);
  const pairs = textsOf(plain ? selector : matchLabels).map(([key, value]) => `${key}=${value}`);
  const rest = plain ? [] : objectsOf(matchExpressions).map(({ key, operator, values }) => `${wordOf(key)} ${wordOf(operator)} (${listOf(values).map(wordOf).join(', ')})`);
  return [...pairs, ...rest].join(',') || 'everything';
}
