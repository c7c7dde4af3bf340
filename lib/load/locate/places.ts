import type { Place } from '../../problem.ts';
import type { Position } from '../loaded.ts';

/** A place that is no field of a definition but a line of a file: `clusters/base.ts:12:3`. */
export function placeAt(position: Position): Place {
  return { of: `${position.file}:${position.line}:${position.column}`, path: '' };
}

/** The line that such a place means, or null for every other place. */
export function positionOf(place: Place): Position | null {
  const [, file, line, column] = /^(.+):(\d+):(\d+)$/s.exec(place.of) ?? [];
  return file === undefined ? null : { file, line: Number(line), column: Number(column) };
}

/** The steps of a path in a definition: `users[2].name` is `users`, 2, `name`; `args['a.b']` is `args`, `a.b`. */
export function stepsOf(path: string): readonly (string | number)[] {
  const steps = path.matchAll(/\[(\d+)\]|\['(.*?)'\](?=[.[]|$)|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/gs);
  return [...steps].map(([, index, verbatim, quoted, key = '']) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? verbatim ?? key : unquote(quoted);
  });
}

function unquote(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
