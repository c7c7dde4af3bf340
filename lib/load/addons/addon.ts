import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Addon } from '../../model/definition.ts';
import { captureSite, framesOf } from '../evaluate/call-site.ts';
import type { Constructed } from './construct.ts';
import { restOf, sourceOf } from './source.ts';

/** What every add-on may say, wherever it is from. */
type Common = Pick<Addon, 'namespace' | 'foreignKinds' | 'provided' | 'acknowledgedRights'>;

/** A folder of YAML: `<template>/<version>/`, relative to the calling file. Its `parameters.yaml` says which parameters it takes. */
export interface TemplateAddon extends Common {
  readonly template: string;
  readonly version: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A Helm chart of the repository, packed or as a folder, pinned by its digest. The machine's `helm` renders it when the fleet is loaded. */
export interface ChartAddon extends Common {
  readonly chart: string;
  readonly digest: string;
  readonly version: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** A function of the parameters that returns a cdk8s chart or app, or the objects themselves. */
export interface ConstructAddon<Parameters> extends Common {
  readonly construct: (parameters: Parameters) => Constructed;
  readonly version?: string;
  readonly parameters?: Parameters;
}

/** Your own software inside a cluster: `addons: [addon('our-csi', { template: '../addons/our-csi', version: '2.4.1' })]`. A chart is rendered by the compiler only. */
export function addon<Parameters = Readonly<Record<string, never>>>(name: string, options: TemplateAddon | ChartAddon | ConstructAddon<Parameters>): Addon {
  const caller = framesOf(captureSite(addon))[0]?.file ?? '';
  const folder = dirname(caller.startsWith('file:') ? fileURLToPath(caller) : caller);
  const reading = { root: '/', folder, read: (path: string) => readFileSync(path), seen: () => undefined };
  return { ...restOf(options), name, source: sourceOf(options, reading) } as Addon;
}
