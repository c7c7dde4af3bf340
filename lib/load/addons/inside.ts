import { dirname, join } from 'node:path';
import vm from 'node:vm';
import type { Addon } from '../../model/definition.ts';
import { captureSite } from '../evaluate/call-site.ts';
import { refuse } from '../evaluate/definition-error.ts';
import { pathBelow, readBelow, sha256, type Reads } from '../files.ts';
import type { Where } from '../evaluate/sandbox.ts';
import { restOf, sourceOf } from './source.ts';

/** `addon` inside a definition: held to the root, its files remembered as inputs, and made of the definition's own objects. */
export function addonMaker(root: string, reads: Reads, where: Where, context: vm.Context) {
  const parseInside = vm.runInContext('JSON.parse', context) as (text: string) => unknown;
  const makeInside = vm.runInContext('(rest, name, source) => ({ ...rest, name, source })', context) as (...parts: unknown[]) => unknown;
  return function addon(name: unknown, options: unknown): unknown {
    const folder = join(root, dirname(where(captureSite(addon))[0]?.file ?? ''));
    const reading = {
      root, folder,
      read: (path: string) => readBelow(root, path, reads),
      seen: (listed: string, listing: string) => {
        const inside = pathBelow(root, listed);
        if (inside === null) return refuse(`the folder ${listed}, which is outside the fleet's folder`, 'copy it into the fleet.');
        reads.set(inside, sha256(listing));
      },
    };
    const source = sourceOf(options, reading);
    return makeInside(restOf(options as object), name, ownOf(source, parseInside));
  };
}

/** Objects of a construct and values of a chart are the definition's already, and still to be looked at as they are. */
function ownOf(source: Addon['source'], parseInside: (text: string) => unknown): unknown {
  switch (source.type) {
    case 'template': return parseInside(JSON.stringify(source));
    case 'construct': return Object.assign(parseInside('{}') as object, source);
    case 'chart': return Object.assign(parseInside(JSON.stringify({ ...source, values: undefined })) as object, source.values === undefined ? {} : { values: source.values });
  }
}
