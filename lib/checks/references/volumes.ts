import { found, type Finding } from '../finding.ts';
import { dig, objectsOf, textOf } from '../objects/json.ts';
import { podPath, type PodTemplate } from '../pods/pod-templates.ts';
import type { Scope } from '../scope.ts';

/** Every mount has its volume, and every volume is mounted: one that is not is left over, or its mount was forgotten. */
export function checkVolumes(scope: Scope): Finding[] {
  return scope.templates.flatMap((template) => [...danglingMounts(template), ...unusedVolumes(template)]);
}

function danglingMounts(template: PodTemplate): Finding[] {
  const volumes = new Set([...volumeNames(template), ...claimNames(template)]);
  return mountsOf(template)
    .filter(({ volume }) => !volumes.has(volume))
    .map(({ volume, path }) => found('reference/volume', template.from, path, `names volume \`${volume}\`, which this Pod does not have`));
}

function unusedVolumes(template: PodTemplate): Finding[] {
  const used = new Set(mountsOf(template).map(({ volume }) => volume));
  const unused = (path: string) => (name: string, index: number): Finding[] =>
    used.has(name) ? [] : [found('reference/volume', template.from, `${path}[${index}]`, `is volume \`${name}\`, which no container mounts`)];
  return [
    ...volumeNames(template).flatMap(unused(podPath(template, 'volumes'))),
    ...claimNames(template).flatMap(unused('spec.volumeClaimTemplates')),
  ];
}

function mountsOf({ containers }: PodTemplate): { volume: string; path: string }[] {
  return containers.flatMap(({ spec, path }) =>
    (['volumeMounts', 'volumeDevices'] as const).flatMap((field) =>
      objectsOf(spec[field]).map(({ name }, index) => ({ volume: textOf(name) ?? '', path: `${path}.${field}[${index}].name` })),
    ),
  );
}

const volumeNames = ({ spec }: PodTemplate): string[] => objectsOf(spec['volumes']).map(({ name }) => textOf(name) ?? '');

function claimNames({ kind, from }: PodTemplate): string[] {
  if (kind !== 'StatefulSet') return [];
  return objectsOf(dig(from.manifest, 'spec', 'volumeClaimTemplates')).map((claim) => textOf(dig(claim, 'metadata', 'name')) ?? '');
}
