import type { Arguments } from '../model/definition.ts';

/** One argument of a component: its name, and its value for a cluster; null leaves it out for that cluster. */
export interface Flag<Subject> {
  readonly name: string;
  readonly value: (subject: Subject) => string | number | boolean | readonly string[] | null;
}

/** Marks a flag whose value is the same for every cluster. */
export const always = <Subject>(name: string, value: string | number | boolean): Flag<Subject> => ({ name, value: () => value });

/** The author's value wins over the table's; null takes an argument away. Sorted: the order of a map must not restart Pods. */
export function argumentsOf<Subject>(flags: readonly Flag<Subject>[], subject: Subject, given: Arguments): string[] {
  const values = new Map<string, Value>(flags.map(({ name, value }) => [name, value(subject)]));
  for (const [name, value] of Object.entries(given)) values.set(name, value);
  return [...values].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, value]) => spell(name, value));
}

type Value = string | number | boolean | readonly string[] | null;

function spell(name: string, value: Value): string[] {
  if (value === null) return [];
  return typeof value === 'object' ? value.map((one) => `--${name}=${one}`) : [`--${name}=${value}`];
}

/** `A=true,B=false`, or null when there is nothing to say. */
export function switchesOf(switches: Readonly<Record<string, boolean>>): string | null {
  const names = Object.keys(switches).sort();
  return names.length === 0 ? null : names.map((name) => `${name}=${switches[name]}`).join(',');
}
