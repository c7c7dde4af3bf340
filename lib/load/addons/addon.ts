import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Addon } from '../../model/definition.ts';
import { captureSite, framesOf } from '../evaluate/call-site.ts';
import { DefinitionError } from '../evaluate/definition-error.ts';
import { objectsFrom, type Constructed } from './construct.ts';
import { readTemplate } from './template.ts';

/** What every add-on may say, wherever it is from. */
type Common = Pick<Addon, 'namespace' | 'foreignKinds' | 'provided'>;

/** A folder of YAML: `<template>/<version>/`, relative to the calling file. Its `parameters.yaml` says which parameters it takes. */
export interface TemplateAddon extends Common {
  readonly template: string;
  readonly version: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A function of the parameters that returns a cdk8s chart or app, or the objects themselves. */
export interface ConstructAddon<Parameters> extends Common {
  readonly construct: (parameters: Parameters) => Constructed;
  readonly version?: string;
  readonly parameters?: Parameters;
}

/** Your own software inside a cluster: `addons: [addon('our-csi', { template: '../addons/our-csi', version: '2.4.1' })]`. */
export function addon<Parameters = Readonly<Record<string, never>>>(name: string, options: TemplateAddon | ConstructAddon<Parameters>): Addon {
  const caller = framesOf(captureSite(addon))[0]?.file ?? '';
  const folder = dirname(caller.startsWith('file:') ? fileURLToPath(caller) : caller);
  return { ...restOf(options), name, source: sourceOf(options, (template, version) => readTemplate({ root: '/', folder, read: readFileSync, seen: () => undefined }, template, version)) } as Addon;
}

/** Reads the version of a template. */
export type ReadTemplate = (template: unknown, version: unknown) => Addon['source'];

/** What is left of the options when their source is taken out. */
export function restOf(options: object): object {
  const { template: _template, construct: _construct, ...rest } = options as { template?: unknown; construct?: unknown };
  return rest;
}

/** The source of an add-on as plain data. */
export function sourceOf(options: unknown, read: ReadTemplate): Addon['source'] {
  const { template, version, construct, parameters } = (options ?? {}) as { template?: unknown; version?: unknown; construct?: unknown; parameters?: unknown };
  if ((template === undefined) === (construct === undefined)) throw noSource('neither of template and construct, or both');
  if (template !== undefined) return read(template, version);
  if (typeof construct !== 'function') throw noSource('a construct that is no function');
  if (/^class\b/.test(Function.prototype.toString.call(construct))) throw noSource('a construct that is a class');
  return { type: 'construct', objects: objectsFrom((construct as (given: unknown) => unknown)(parameters ?? {})) as object[] as Record<string, unknown>[] };
}

const noSource = (what: string): DefinitionError => new DefinitionError({
  code: 'addons/source',
  what: `An add-on has ${what}.`,
  why: 'its objects come from one place.',
  fix: 'give it template: \'./folder\', or construct: (parameters) => new YourChart(new App(), \'name\', parameters).',
});
