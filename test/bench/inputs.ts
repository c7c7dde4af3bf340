import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivery } from '../../lib/model/definition.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { parseLock } from '../../lib/pki/lock.ts';
import type { PkiLock } from '../../lib/pki/plan.ts';
import { resolveMeta } from '../../lib/resolve/meta.ts';
import { metaView, resolve } from '../../lib/resolve/resolve.ts';
import { clusterDefinition, metaClusters, nameOf } from './definitions.ts';
import { readLock } from './fleet.ts';

/** What the functions of the charts take: all that the programs we are compared with have to read. */
export type ChartInput = { readonly cluster: ResolvedCluster; readonly lock: PkiLock } | { readonly meta: ResolvedMetaCluster };

/** Writes the input of each owner, already resolved, as JSON: the cheapest form there is. */
export function writeInputs(folder: string, fleet: string, count: number, delivery?: Delivery): void {
  mkdirSync(folder, { recursive: true });
  const metas = metaClusters(count);
  for (const meta of metas) write(folder, meta.name, { meta: resolveMeta(meta, undefined, delivery) });
  for (let number = 0; number < count; number++) {
    const definition = clusterDefinition(number);
    const meta = metas.find(({ name }) => name === definition.meta);
    const parsed = parseLock(readLock(fleet, nameOf(number)), nameOf(number));
    if (meta === undefined || !parsed.ok) throw new Error(`${nameOf(number)} has no meta cluster or no lock`);
    write(folder, definition.name, { cluster: resolve(definition, { meta: metaView(meta), images: undefined, delivery }), lock: parsed.lock });
  }
}

const write = (folder: string, name: string, input: ChartInput): void => writeFileSync(join(folder, `${name}.json`), JSON.stringify(input));
