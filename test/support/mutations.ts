/** A source of chance that repeats itself: mulberry32. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

type Random = ReturnType<typeof seededRandom>;
type Steps = readonly (string | number)[];

const pick = <T>(random: Random, values: readonly T[]): T | undefined => values[random(values.length)];

const deep = (depth: number): unknown => Array.from({ length: depth }).reduce((inner: unknown, _, index) => (index % 2 === 0 ? [inner] : { a: inner }), 'x');

/** What people, generators and merges leave behind where something else should be. */
const VALUES: readonly unknown[] = [
  null, true, false, 0, -1, 1.5, 3, 1e308, Number.MAX_SAFE_INTEGER, '', ' ', '\t', '\n', '0', '-1', 'true', 'null', 'x', 'Prod_1', '-', '--', '..', '../../../etc/passwd', '/', '/etc/kubernetes/pki',
  'a'.repeat(64), 'a'.repeat(254), 'b'.repeat(100_000), 'ünïcödé', '🦄', '\u0000', '\u202e', '\ud800', '\u2028', '{{ .Values }}', '{{ index . "tls.key" }}', '$(POD_NAME)', '${x}', '`id`', "'; drop", '"', "it's", ': #', '<<<<<<< ours',
  '__proto__', 'constructor', 'toString', 'hasOwnProperty', '1.34.4', '1.36.3', '1.99.0', '3.6.16', '10.0.0.0/8', '10.0.0.0/33', '0.0.0.0/0', 'fd00::/48', '::/0', '::1', '127.0.0.1', '999.1.1.1', 'https://u:p@x', 'http://',
  '1Gi', '1e9Gi', '0', '9999999999999999999Gi', '0.1m', '100d', '99999999d', '* * * * *', '61 * * * *', 'sha256:00', 'minimal', 'standard', 'hibernated', 'kms', 'none',
  [], {}, [null], [[]], [{}], ['a', 'a'], { type: 'x' }, deep(60), deep(3000), JSON.parse('{"__proto__":{"a":1},"constructor":1}'), Array.from({ length: 2000 }, (_, index) => `item-${index}`),
];

/** Every place in a value, as the steps that lead there; not without end where a value is deeper than any definition. */
export function placesOf(value: unknown, depth = 12): Steps[] {
  if (depth === 0) return [[]];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [[], ...entries.flatMap(([step, child]) => placesOf(child, depth - 1).map((place) => [step, ...place]))];
}

function at(value: unknown, steps: Steps): unknown {
  return steps.reduce((inner: unknown, step) => (inner as Record<string | number, unknown> | null | undefined)?.[step], value);
}

/** A copy in which the parent of a place was changed. */
function change(value: unknown, [step, ...rest]: Steps, edit: (parent: unknown, step: string | number) => unknown): unknown {
  if (step === undefined) return value;
  if (rest.length === 0) return edit(value, step);
  if (Array.isArray(value)) return value.map((child: unknown, index) => (index === step ? change(child, rest, edit) : child));
  return Object.fromEntries(Object.entries(value as object).map(([key, child]) => [key, key === step ? change(child, rest, edit) : child] as const));
}

const put = (value: unknown, place: Steps, next: unknown): unknown => change(value, place, (parent, step) =>
  (Array.isArray(parent) ? parent.map((child: unknown, index) => (index === step ? next : child)) : { ...(parent as object), [step]: next }));

const drop = (value: unknown, place: Steps): unknown => change(value, place, (parent, step) =>
  (Array.isArray(parent) ? parent.filter((_, index) => index !== step) : Object.fromEntries(Object.entries(parent as object).filter(([key]) => key !== step))));

const rename = (value: unknown, place: Steps, name: string): unknown => change(value, place, (parent, step) =>
  (Array.isArray(parent) ? [...(parent as unknown[]), parent[Number(step)]] : Object.fromEntries(Object.entries(parent as object).map(([key, child]) => [key === step ? name : key, child]))));

/** One thing is wrong with it: a field deleted, replaced, doubled, renamed, swapped, or cut in its text. */
export function mutate(value: unknown, random: Random): unknown {
  const places = placesOf(value).slice(1);
  const place = pick(random, places);
  if (place === undefined) return pick(random, VALUES);
  const old = at(value, place);
  switch (random(7)) {
    case 0: return drop(value, place);
    case 1: return put(value, place, at(value, pick(random, places) ?? []));
    case 2: return rename(value, place, String(pick(random, ['__proto__', 'constructor', 'x', '', 'a b', 'é', 'name', 'toString', `${String(place.at(-1))}s`])));
    case 3: return typeof old === 'string' ? put(value, place, old.slice(0, random(old.length + 1)) + String(pick(random, ['', old, '0', '-', '.', '/', ' ', 'ß']))) : put(value, place, [old]);
    case 4: return typeof old === 'number' ? put(value, place, pick(random, [old + 1, old - 1, old * 1000, -old, String(old)])) : put(value, place, { value: old });
    default: return put(value, place, pick(random, VALUES));
  }
}
