import { readFileSync } from 'node:fs';
import { COMPONENTS, type Component, type ComponentFacts, type FeatureGate, type ReleaseFacts } from '../../../lib/versions/facts.ts';
import type { Minor } from '../../../lib/versions/minor.ts';
import { descriptionPath } from '../binaries/build.ts';
import { KUBERNETES_RELEASES } from '../binaries/modules.ts';

/** What `source/describe` prints for one component. */
interface Description {
  readonly flags: readonly { readonly name: string; readonly type: string; readonly deprecated?: string }[];
  readonly gates: readonly (FeatureGate & { readonly name: string })[];
  readonly admissionPlugins: ReleaseFacts['admissionPlugins'] | null;
}

/** The facts of one release, from what its own binaries said when they were built. */
export async function readFacts(minor: Minor): Promise<ReleaseFacts> {
  const said = new Map<Component, Description>();
  for (const component of COMPONENTS) said.set(component, await describe(minor, component));
  const plugins = said.get('kube-apiserver')?.admissionPlugins;
  if (!plugins) throw new Error(`kube-apiserver ${minor} told no admission plugins`);
  return {
    release: KUBERNETES_RELEASES[minor],
    components: Object.fromEntries([...said].map(([name, text]) => [name, reduce(text)])) as Record<Component, ComponentFacts>,
    admissionPlugins: { known: [...plugins.known].sort(), enabledByDefault: [...plugins.enabledByDefault].sort() },
  };
}

async function describe(minor: Minor, component: Component): Promise<Description> {
  return JSON.parse(readFileSync(await descriptionPath(minor, component), 'utf8')) as Description;
}

function reduce({ flags, gates }: Description): ComponentFacts {
  return {
    flags: Object.fromEntries(flags.map(({ name, type }) => [name, type])),
    deprecatedFlags: flags.filter(({ deprecated }) => deprecated).map(({ name }) => name).sort(),
    gates: Object.fromEntries(gates.map(({ name, stage, locked, default: on }) => [name, { stage, default: on, locked }])),
  };
}
