import { dirname, join } from 'node:path';
import vm from 'node:vm';
import { captureSite } from '../evaluate/call-site.ts';
import { refuse } from '../evaluate/definition-error.ts';
import { pathBelow, readBelow, sha256, type Reads } from '../files.ts';
import type { Where } from '../evaluate/sandbox.ts';
import { restOf, sourceOf } from './addon.ts';
import { readTemplate } from './template.ts';

/** `addon` inside a definition: held to the root, its files remembered as inputs, and made of the definition's own objects. */
export function addonMaker(root: string, reads: Reads, where: Where, context: vm.Context) {
  const parseInside = vm.runInContext('JSON.parse', context) as (text: string) => unknown;
  const makeInside = vm.runInContext('(rest, name, source) => ({ ...rest, name, source: { ...source } })', context) as (...parts: unknown[]) => unknown;
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
    const source = sourceOf(options, (template, version) => readTemplate(reading, template, version));
    // What a construct made is the definition's already.
    return makeInside(restOf(options as object), name, source.type === 'template' ? parseInside(JSON.stringify(source)) : source);
  };
}
