import type { Addon } from '../../model/definition.ts';
import { DefinitionError } from '../evaluate/definition-error.ts';
import { readChart } from './chart.ts';
import { objectsFrom } from './construct.ts';
import { readTemplate, type TemplateReading } from './template.ts';

/** What an author may have written, not looked at yet. */
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
