import type { AddonSource } from '../model/definition.ts';
import { quoted, someOf } from '../validate/say.ts';
import { documentsOf } from './documents.ts';
import type { Fault } from './fault.ts';
import { NOTHING, objectsIn, type Objects } from './objects.ts';

type Chart = Extract<AddonSource, { type: 'chart' }>;

/** The objects of a Helm chart that was rendered when its definition was loaded, or why there are none. */
export function fromChart(source: Chart): Objects {
  const refused = refusalOf(source);
  if (refused !== null) return { ...NOTHING, faults: [{ path: 'source', ...refused }] };
  const documents = documentsOf(source.output ?? '');
  if (!documents.ok) return { ...NOTHING, faults: [{ path: 'source', ...failed(source.chart, documents.fault) }] };
  const objects = objectsIn(documents.values, (index) => `Document ${index + 1} of ${source.chart}`);
  return { ...objects, faults: [...hooksOf(source), ...objects.faults] };
}

type Refusal = Omit<Fault, 'path'>;

function refusalOf({ chart, digest, found, lookups, fault }: Chart): Refusal | null {
  if (digest !== found) return {
    code: 'addons/helm-digest',
    what: `The chart ${chart} is ${found}, and ${digest === '' ? 'no digest is given' : `the definition says ${digest}`}.`,
    why: 'another chart than the one that was reviewed would be installed.',
    fix: `review it, and write digest: '${found}'; or put the old one back.`,
  };
  if (lookups.length > 0) return {
    code: 'addons/helm-lookup',
    what: `The chart ${chart} looks up objects in a cluster, in ${someOf(lookups)}.`,
    why: 'manifests are compiled without a cluster: it would find nothing each time, and render what it renders for a new one.',
    fix: 'use a chart, or values and templates of your own, that say what they need.',
  };
  return fault === undefined ? null : FAULTS[fault.code](chart, fault.said);
}

const failed = (chart: string, said: string): Refusal => ({
  code: 'addons/helm-failed',
  what: `helm cannot render the chart ${chart}: ${said.replace(/\.$/, '')}.`,
  why: 'the add-on is what it renders.',
  fix: 'mend the chart or its values; `helm template` says more.',
});

const FAULTS: Readonly<Record<NonNullable<Chart['fault']>['code'], (chart: string, said: string) => Refusal>> = {
  failed,
  missing: (chart) => ({
    code: 'addons/helm-missing',
    what: `There is no program helm on this machine to render the chart ${chart}.`,
    why: 'Helm\'s templates are a language of their own, which only helm understands.',
    fix: 'install Helm 3, the same release for all who compile this fleet, and put it on the PATH.',
  }),
  unstable: (chart, said) => ({
    code: 'addons/helm-unstable',
    what: `The chart ${chart} renders something else each time: ${quoted(withoutValue(said))}.`,
    why: 'the same definition must give the same bytes; a chart that asks the clock or chance makes a change, and perhaps a new password, of every build.',
    fix: 'give the values that the chart makes up by itself, or switch off what needs them.',
  }),
};

/** What changes each time may be a password. */
const withoutValue = (line: string): string => line.replace(/:\s.*$/, ': …');

function hooksOf({ chart, hooks = [] }: Chart): Fault[] {
  if (hooks.length === 0) return [];
  return [{
    code: 'addons/helm-hook', path: 'source', severity: 'warning',
    what: `The chart ${chart} has hooks, which are left out: ${someOf(hooks)}.`,
    why: 'only helm runs an object before or after others and takes it away again; as a plain manifest it would run once, at any time, and be in the way of the next upgrade.',
    fix: 'switch them off with the chart\'s values, and bring what they make in another way when it is needed.',
  }];
}
