import type { Images } from '../model/definition.ts';

/**
 * An image with mirror and digest applied. The definition's own `registry` and `mirrors` win over the fleet's, field by
 * field; the image keeps its name, so that a mirror is a plain copy.
 */
export type ImageResolver = (registry: string, name: string, tag: string) => string;

export function imageResolver(fleet: Images | undefined, cluster: Images | undefined): ImageResolver {
  const mirrors = { ...fleet?.mirrors, ...cluster?.mirrors };
  const digests = { ...fleet?.digests, ...cluster?.digests };
  const everywhere = cluster?.registry ?? fleet?.registry;
  return (registry, name, tag) => {
    const place = mirrors[registry] ?? everywhere ?? registry;
    const digest = digests[`${baseName(name)}:${tag}`];
    return `${place}/${name}:${tag}${digest === undefined ? '' : `@${digest}`}`;
  };
}

const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);
