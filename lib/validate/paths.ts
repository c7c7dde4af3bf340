/** Places in a definition as an author writes them: `users[2].groups`, `args['max-requests-inflight']`. */

/** Appends one field or index to a path. */
export function below(path: string, step: string | number): string {
  if (typeof step === 'number') return `${path}[${step}]`;
  if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${path}['${step}']`;
  return path === '' ? step : `${path}.${step}`;
}

/** A JSON pointer into `root`, as an author writes it. The value tells an index from a field called `2`. */
export function authorPath(pointer: string, root: unknown): string {
  let [path, value] = ['', root];
  for (const step of stepsOf(pointer)) {
    path = below(path, Array.isArray(value) ? Number(step) : step);
    value = fieldOf(value, step);
  }
  return path;
}

const stepsOf = (pointer: string): string[] =>
  pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** A field of anything, or undefined. */
export function fieldOf(value: unknown, field: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
}
