import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Deployment } from 'kubernetes-types/apps/v1';
import type { Container, Volume } from 'kubernetes-types/core/v1';
import type { Manifest } from '../../../lib/model/manifest.ts';
import { unseal } from '../../support/pki.ts';
import { SEALING } from '../fleet.ts';

type Texts = Readonly<Record<string, string>>;

/** Where a container's own paths are on this host, and what else of its texts is not true here. */
export type Moves = readonly (readonly [from: string, to: string])[];

export const move = (text: string, moves: Moves): string => moves.reduce((moved, [from, to]) => moved.replaceAll(from, to), text);

/** A container of a compiled workload. */
export function containerIn(manifest: Manifest, name: string): Container {
  const pod = (manifest as unknown as Deployment).spec?.template.spec;
  const found = [...pod?.initContainers ?? [], ...pod?.containers ?? []].find((container) => container.name === name);
  if (found === undefined) throw new Error(`${manifest.kind} ${manifest.metadata.name} has no container ${name}`);
  return found;
}

/** The arguments of a container, moved; `instead` replaces the value of one by name, or takes it away. */
export function argumentsHere({ args = [] }: Container, moves: Moves, instead: Readonly<Record<string, string | number | null>> = {}): string[] {
  const nameOf = (arg: string): string => arg.replace(/^--|=.*$/gs, '');
  const kept = args.filter((arg) => !Object.hasOwn(instead, nameOf(arg))).map((arg) => move(arg, moves));
  return [...kept, ...Object.entries(instead).flatMap(([name, value]) => (value === null ? [] : [`--${name}=${value}`]))];
}

/** Puts the files of a container's volumes where `moves` say, as a kubelet would; Secrets are opened. */
export function layFiles(workload: Manifest, container: Container, objects: readonly Manifest[], moves: Moves): void {
  const volumes = (workload as unknown as Deployment).spec?.template.spec?.volumes ?? [];
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const volume = volumes.find((candidate) => candidate.name === name);
    mkdirSync(move(mountPath, moves), { recursive: true });
    for (const [file, text] of Object.entries(volume === undefined ? {} : filesOf(volume, objects))) {
      const path = join(move(mountPath, moves), file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, move(text, moves), { mode: 0o600 });
    }
  }
}

function filesOf({ secret, configMap }: Volume, objects: readonly Manifest[]): Texts {
  const named = (kind: string, name = ''): Manifest => {
    const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  };
  if (secret !== undefined) return openSecret(named('SealedSecret', secret.secretName));
  return configMap === undefined ? {} : (named('ConfigMap', configMap.name)['data'] as Texts);
}

/** What the controller makes of a SealedSecret whose template puts nothing in. */
export function openSecret({ metadata: { name, namespace = '' }, spec }: Manifest): Texts {
  const { encryptedData, template } = spec as unknown as { readonly encryptedData: Texts; readonly template: { readonly data?: Texts } };
  const opened = Object.entries(encryptedData).map(([key, value]) => [key, unseal(SEALING.privateKeyPem, namespace, { secret: name, key, value })] as const);
  return { ...template.data, ...Object.fromEntries(opened) };
}
