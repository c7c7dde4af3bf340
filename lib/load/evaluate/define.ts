import type { ClusterDefinition, FleetDefinition, MetaClusterDefinition } from '../../model/definition.ts';
import { captureSite, type Site } from './call-site.ts';

const SITES = new WeakMap<object, Site>();

/** Where a definition was passed to its `define` function, or undefined when it never was. */
export function siteOf(definition: object): Site | undefined {
  return SITES.get(definition);
}

/** The whole fleet: its meta clusters, its clusters, and what holds for all of them. `clusters/fleet.ts` exports it as `fleet`. */
export function defineFleet(definition: FleetDefinition): FleetDefinition {
  return remember(definition, defineFleet);
}

/** A meta cluster, which runs the control planes of other clusters. */
export function defineMetaCluster(definition: MetaClusterDefinition): MetaClusterDefinition {
  return remember(definition, defineMetaCluster);
}

/** One cluster: its control plane is hosted in a meta cluster. */
export function defineCluster(definition: ClusterDefinition): ClusterDefinition {
  return remember(definition, defineCluster);
}

/** A definition that is no object at all is returned as it is: validation says so in better words. */
function remember<T>(definition: T, define: (definition: T) => T): T {
  const isObject = typeof definition === 'object' && definition !== null;
  if (isObject && !SITES.has(definition)) SITES.set(definition, captureSite(define));
  return definition;
}
