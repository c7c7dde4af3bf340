import { violationsOf } from './conformance.ts';
import { found, type Finding } from '../finding.ts';
import { kindOf, type Kind } from './kinds.ts';
import type { CheckedManifest, Scope } from '../scope.ts';
import { isSopsEncrypted } from '../secrets/sops.ts';

/** Every manifest has the structure, kind and scope that the real API server of its target demands. */
export function checkStructure(scope: Scope): Finding[] {
  return scope.manifests.flatMap((item) => {
    const { apiVersion, kind: name } = item.manifest;
    if (isSopsEncrypted(item.manifest)) return [];
    const kind = kindOf(scope, item);
    if (kind === null && scope.context.foreignKinds.includes(`${apiVersion}/${name}`)) return [];
    return kind === null ? [unknownKind(scope, item)] : [...scopeFindings(item, kind), ...structureFindings(item, kind)];
  });
}

function unknownKind({ tables }: Scope, item: CheckedManifest): Finding {
  const { apiVersion, kind } = item.manifest;
  const versions = tables.get(item.part.api)?.versionsOf(kind) ?? [];
  const instead = versions.length === 0 ? '' : `; it serves ${versions.join(', ')}`;
  return found('manifest/unknown-kind', item, '', `has apiVersion ${apiVersion}, which Kubernetes ${item.part.target} does not serve${instead}`);
}

function structureFindings(item: CheckedManifest, { shape }: Kind): Finding[] {
  return violationsOf(shape, item.manifest).map(({ code, path, what }) => found(code, item, path, what));
}

function scopeFindings(item: CheckedManifest, { scope }: Kind): Finding[] {
  const { namespace } = item.manifest.metadata;
  const has = namespace !== undefined && namespace !== '';
  if (scope === 'Namespaced' && !has) return [found('manifest/scope', item, 'metadata.namespace', 'is missing, but this kind lives in a namespace')];
  if (scope === 'Cluster' && has) return [found('manifest/scope', item, 'metadata.namespace', `is ${namespace}, but this kind has no namespace`)];
  return [];
}
