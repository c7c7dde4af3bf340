import type { Addon } from '../model/definition.ts';
import type { JsonObject } from '../model/resolved.ts';
import type { ResolvedAddon } from '../model/resolved-addon.ts';
import { TENANT_DEFAULTS } from '../model/tenant-defaults.ts';

/** What is known of an add-on without its objects. */
export function resolveAddon({ name, version, namespace = TENANT_DEFAULTS.addonNamespace, source, parameters, foreignKinds, provided, acknowledgedRights }: Addon): ResolvedAddon {
  return {
    name,
    version: version ?? null,
    namespace,
    source: resolveSource(source),
    parameters: (parameters ?? {}) as JsonObject,
    foreignKinds: { ...foreignKinds },
    provided: (provided ?? []).map((object) => ({ namespace, ...object })),
    acknowledgedRights: acknowledgedRights ?? [],
  };
}

function resolveSource(source: Addon['source']): ResolvedAddon['source'] {
  switch (source.type) {
    case 'template': return { type: 'template', folder: source.folder };
    case 'chart': return { type: 'chart', chart: source.chart, digest: source.digest, values: (source.values ?? {}) as JsonObject };
    case 'construct': return { type: 'construct' };
  }
}
