import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Addon } from '../../model/definition.ts';
import { captureSite, framesOf } from '../evaluate/call-site.ts';
import { DefinitionError } from '../evaluate/definition-error.ts';
import { readChart } from './chart.ts';
import { objectsFrom, type Constructed } from './construct.ts';
import { readTemplate, type TemplateReading } from './template.ts';

/** What every add-on may say, wherever it is from. */
type Common = Pick<Addon, 'namespace' | 'foreignKinds' | 'provided'>;

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

interface Options {
  readonly template?: unknown;
  readonly version?: unknown;
  readonly parameters?: unknown;
  readonly chart?: unknown;
  readonly digest?: unknown;
  readonly values?: unknown;
  readonly construct?: unknown;
}

/** What is left of the options when their source is taken out. */
export function restOf(options: object): object {
  const { template: _template, chart: _chart, digest: _digest, values: _values, construct: _construct, ...rest } = options as Options;
  return rest;
}

/** The source of an add-on as plain data. */
export function sourceOf(options: unknown, reading: TemplateReading): Addon['source'] {
  const { template, version, parameters, chart, digest, values, construct } = (options ?? {}) as Options;
  if ([template, chart, construct].filter((source) => source !== undefined).length !== 1) throw noSource('none of template, chart and construct, or more than one');
  if (template !== undefined) return readTemplate(reading, template, version);
  if (chart !== undefined) return readChart(reading, chart, digest, values);
  if (typeof construct !== 'function') throw noSource('a construct that is no function');
  if (/^class\b/.test(Function.prototype.toString.call(construct))) throw noSource('a construct that is a class');
  return { type: 'construct', objects: objectsFrom((construct as (given: unknown) => unknown)(parameters ?? {})) as Record<string, unknown>[] };
}

const noSource = (what: string): DefinitionError => new DefinitionError({
  code: 'addons/source',
  what: `An add-on has ${what}.`,
  why: 'its objects come from one place.',
  fix: 'give it template: \'./folder\', chart: \'./chart.tgz\', or construct: (parameters) => new YourChart(new App(), \'name\', parameters).',
});
