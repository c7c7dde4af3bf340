import vm from 'node:vm';

/** What a script reaches without importing it: each name and value of the global object, and of what these lead to. */
export type SharedState = readonly unknown[];

/** The script's own exports change with every run. */
const OWN: readonly PropertyKey[] = ['module', 'exports'];

/** `Intl.DateTimeFormat.prototype` is three steps away. */
const DEPTH = 3;

/** Remembers what all files of a program share. Nothing in it is called: an author's own getter may be among it. */
export function sharedState(context: vm.Context): SharedState {
  const state: unknown[] = [];
  collect(vm.runInContext('globalThis', context), DEPTH, new Set(), state);
  return state;
}

/** Whether nothing was added, replaced or taken away. */
export function isSameState(before: SharedState, after: SharedState): boolean {
  return before.length === after.length && before.every((value, index) => Object.is(value, after[index]));
}

function collect(holder: object, depth: number, seen: Set<object>, state: unknown[]): void {
  if (seen.has(holder)) return;
  seen.add(holder);
  for (const key of Reflect.ownKeys(holder)) {
    if (OWN.includes(key)) continue;
    const { value, get, set } = Reflect.getOwnPropertyDescriptor(holder, key) ?? {};
    state.push(key, value, get, set);
    if (depth > 0 && (typeof value === 'object' || typeof value === 'function') && value !== null) collect(value as object, depth - 1, seen, state);
  }
}
