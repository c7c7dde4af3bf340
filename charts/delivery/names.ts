import { DOMAIN, MANAGED_BY } from '../../lib/model/names.ts';
import type { ResolvedClusterDelivery, ResolvedDelivery } from '../../lib/model/resolved-delivery.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { PkiLock } from '../../lib/pki/plan.ts';
import type { RenderedChart } from '../index.ts';

/** A cluster that somebody applies, and all that there is to apply. */
export interface Delivered {
  readonly cluster: ResolvedCluster;
  readonly delivery: ResolvedClusterDelivery;
  readonly lock: PkiLock;
  readonly charts: readonly RenderedChart[];
}

/** Labels of a tool's object, for people who look for what belongs to a cluster. */
export const deliveryLabels = (owner: string, part?: string): Record<string, string> =>
  ({ ...MANAGED_BY, [`${DOMAIN}/cluster`]: owner, ...(part === undefined ? {} : { [`${DOMAIN}/part`]: part }) });

/** Why nothing of it is applied for now, where a person who asks the tool finds it. */
export const SUSPENDED = `${DOMAIN}/suspended`;

/** A folder of `dist/` as the repository has it. */
export const pathIn = ({ path }: ResolvedDelivery, folder: string): string => (path === '' ? folder : `${path}/${folder}`);

/** Why a part is not applied for now. Nobody answers for a hibernated cluster: whatever is tried there fails. */
export function suspensionOf({ cluster, delivery }: Pick<Delivered, 'cluster' | 'delivery'>, isTenant: boolean): string | null {
  return delivery.suspended ?? (isTenant && cluster.state === 'hibernated' ? 'the cluster is hibernated' : null);
}

/**
 * Whether all that a cluster is goes when its files do. While it is wanted, files that are gone by mistake take nothing
 * with them: neither tool deletes what it applied.
 */
const GOES: Readonly<Record<ResolvedCluster['state'], boolean>> = { running: false, hibernated: false, decommissioning: true };

export const goesWithItsFiles = ({ state }: ResolvedCluster): boolean => GOES[state];
