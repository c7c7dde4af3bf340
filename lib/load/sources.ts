import { siteOf } from './evaluate/define.ts';
import type { Source } from './loaded.ts';
import type { Where } from './evaluate/sandbox.ts';

/** Where each definition of a fleet was made. `exported` holds the very objects that were passed to `define…`. */
export function sourcesOf(exported: unknown, fleetFile: string, where: Where): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>([['fleet', sourceOf(exported, '', fleetFile, where)]]);
  const parts = ['clusters', 'metaClusters'].flatMap((list) => partsOf(exported, list));
  for (const { path, part } of parts) {
    const source = sourceOf(part, path, fleetFile, where);
    sources.set(path, source);
    const name = nameOf(part);
    if (name !== null && !sources.has(name)) sources.set(name, source);
  }
  return sources;
}

function partsOf(exported: unknown, list: string): { readonly path: string; readonly part: unknown }[] {
  const parts = plainProperty(exported, list);
  return Array.isArray(parts) ? parts.map((part: unknown, index) => ({ path: `${list}[${index}]`, part })) : [];
}

function nameOf(part: unknown): string | null {
  const name = plainProperty(part, 'name');
  return typeof name === 'string' && name !== '' ? name : null;
}

/** Reads a property without running an author's code. */
function plainProperty(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.getOwnPropertyDescriptor(object, key)?.value : undefined;
}

/**
 * A definition belongs to the file whose loading made it: that of the outermost call. Where a helper of another file
 * calls `define…`, the cluster is still the one of the file that called the helper.
 */
export function sourceOf(definition: unknown, path: string, fleetFile: string, where: Where): Source {
  const site = typeof definition === 'object' && definition !== null ? siteOf(definition) : undefined;
  const calls = site === undefined ? [] : where(site);
  return { file: calls.at(-1)?.file ?? fleetFile, path, calls };
}
