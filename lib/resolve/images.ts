import type { Images } from '../model/definition.ts';

/**
 * An image with mirror and digest applied. The definition's own `registry` and `mirrors` win over the fleet's, field by
 * field; the image keeps its name, so that a mirror is a plain copy.
 */
export type ImageResolver = (registry: string, name: string, tag: string) => string;

export function imageResolver(fleet: Images | undefined, cluster: Images | undefined): ImageResolver {
  const place = placeOf(fleet, cluster);
  const digests = { ...fleet?.digests, ...cluster?.digests };
  return (registry, name, tag) => {
    const digest = digests[`${baseName(name)}:${tag}`];
    return `${place(registry)}/${name}:${tag}${digest === undefined ? '' : `@${digest}`}`;
  };
}

/** Where the images of a registry are taken from: its mirror, the one registry for all, or itself. */
export function placeOf(fleet: Images | undefined, cluster: Images | undefined): (registry: string) => string {
  const mirrors = mirrorsOf(fleet, cluster);
  const everywhere = cluster?.registry ?? fleet?.registry;
  return (registry) => mirrors[registry] ?? everywhere ?? registry;
}

/** The mirrors that the definition or the fleet names, by their registries. */
export const mirrorsOf = (fleet: Images | undefined, cluster: Images | undefined): Readonly<Record<string, string>> => ({ ...fleet?.mirrors, ...cluster?.mirrors });

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
