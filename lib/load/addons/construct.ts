import { DefinitionError } from '../evaluate/definition-error.ts';

/** What a construct may return: a cdk8s chart, an app of several, or plain objects. */
export type Constructed = { toJson(): unknown[] } | { readonly charts: readonly { toJson(): unknown[] }[] } | readonly object[];

/** The objects of what a construct returned. They are the author's own: that they are plain is asked with all the rest. */
export function objectsFrom(made: unknown): readonly unknown[] {
  if (Array.isArray(made)) return made as readonly unknown[];
  const { toJson, charts } = (typeof made === 'object' && made !== null ? made : {}) as { toJson?: unknown; charts?: unknown };
  if (typeof toJson === 'function') return objectsFrom((made as { toJson(): unknown }).toJson());
  if (Array.isArray(charts)) return charts.flatMap((chart) => objectsFrom(chart));
  throw new DefinitionError({
    code: 'addons/source',
    what: 'A construct returned neither a chart nor a list of objects.',
    why: 'its objects are what the add-on consists of.',
    fix: 'return the chart: construct: (parameters) => new YourChart(new App(), \'name\', parameters).',
  });
}
