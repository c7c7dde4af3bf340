import { bootstrapSteps, deliveryTools, type BootstrapStep, type DeliveryTool } from '../build/bootstrap.ts';
import { nearestNames } from '../build/names.ts';
import { locateFor } from '../build/owners.ts';
import { applyObject, checkMeta, type Applied, type MetaApi } from '../client/apply.ts';
import { readKubeconfig } from '../client/kubeconfig-file.ts';
import { waitCommand, waitForAll, type Patience } from '../client/readiness.ts';
import { DEFAULTS } from '../model/defaults.ts';
import type { FleetDefinition } from '../model/definition.ts';
import type { Problem } from '../problem.ts';
import { openOrTell } from './build.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { answer, type Terminal } from './terminal.ts';

export interface BootstrapOptions {
  readonly meta: string;
  readonly kubeconfig: string | null;
  /** Who takes over; null where the fleet says it by itself. */
  readonly tool: DeliveryTool | null;
  readonly patience: Patience;
}

/**
 * Under which name fields are set. By kubectl's own: whoever applies the same objects later, by hand or with Flux, may also
 * take fields away again. By ours what nobody takes over: Argo CD's own installation has some of those objects, too.
 */
const managerOf = ({ forced }: Pick<BootstrapStep, 'forced'>): string => (forced ? 'kubewright' : 'kubectl');

/** `kubewright bootstrap <meta>`: what is done once, in order; with a kubeconfig it is done. */
export async function runBootstrap(root: string, { meta, kubeconfig, tool: asked, patience }: BootstrapOptions, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  if (!open.fleet.metaClusters.some(({ name }) => name === meta)) {
    terminal.say(`There is no meta cluster ${meta}.${nearestNames(meta, open.fleet.metaClusters)}`);
    return EXIT.usage;
  }
  const tools = deliveryTools(open);
  const tool = asked ?? (tools.length === 1 ? tools[0] ?? null : null);
  if (tool === null ? tools.length > 1 : !tools.includes(tool)) {
    terminal.say(tools.length > 1 ? `The fleet may be delivered by either of two tools, and only one begins: say --tool ${tools.join(' or --tool ')}.` : `The fleet is not delivered by ${String(tool)}: delivery.tool in clusters/fleet.ts says by whom.`);
    return EXIT.usage;
  }
  const bootstrap = bootstrapSteps(open, meta, tool);
  if (tool === 'flux') tellKey(open.fleet, terminal);
  const steps = bootstrap.ok ? bootstrap.steps : [];
  const done = bootstrap.ok && kubeconfig !== null ? await applySteps(steps, { meta, kubeconfig, tool, patience }, terminal) : { steps: [], problems: [] };
  const problems = bootstrap.ok ? done.problems : bootstrap.problems;
  const locate = await locateFor(open, problems);
  terminal.show(problems, locate);
  const ok = problems.length === 0;
  const left = ok ? steps.filter(({ api }) => kubeconfig === null || api !== meta) : [];
  if (terminal.json) terminal.print(answer(ok, problems, locate, { meta, done: done.steps, left: left.map((step) => ({ folder: step.folder, api: step.api, commands: commandsOf(step, meta) })) }));
  else if (left.length > 0) tell(left, meta, terminal);
  return ok ? EXIT.done : EXIT.problems;
}

type Counts = { readonly folder: string } & Readonly<Record<Applied, number>>;

/** Applies what the meta cluster's own API takes, step by step. It stops at the first problem, and may be run again. */
async function applySteps(steps: readonly BootstrapStep[], { meta, kubeconfig, patience }: BootstrapOptions & { readonly kubeconfig: string }, terminal: Terminal): Promise<{ readonly steps: readonly Counts[]; readonly problems: readonly Problem[] }> {
  const read = readKubeconfig(kubeconfig);
  if (!read.ok) return { steps: [], problems: read.problems };
  const api: MetaApi = { access: read.access, cluster: meta, fieldManager: managerOf({ forced: false }), kinds: new Map() };
  const elsewhere = await checkMeta(api);
  if (elsewhere.length > 0) return { steps: [], problems: elsewhere };
  const done: Counts[] = [];
  for (const step of steps.filter((one) => one.api === meta)) {
    const { counts, problems } = await applyStep({ ...api, fieldManager: managerOf(step) }, step, patience);
    done.push(counts);
    terminal.say(`${step.folder}: ${counts.made} made, ${counts.changed} changed, ${counts.unchanged} as they were.`);
    if (problems.length > 0) return { steps: done, problems };
  }
  return { steps: done, problems: [] };
}

async function applyStep(api: MetaApi, { folder, manifests, forced }: BootstrapStep, patience: Patience): Promise<{ readonly counts: Counts; readonly problems: readonly Problem[] }> {
  const counts = { folder, made: 0, changed: 0, unchanged: 0 };
  for (const manifest of manifests) {
    const applied = await applyObject(api, manifest, forced);
    if (!applied.ok) return { counts, problems: applied.problems };
    counts[applied.value] += 1;
  }
  return { counts, problems: await waitForAll(api, manifests, patience) };
}

/** What Flux opens Secrets with stands in no folder. */
function tellKey({ delivery }: FleetDefinition, terminal: Terminal): void {
  const { decryption, namespace = DEFAULTS.delivery.flux } = delivery?.flux ?? {};
  if (decryption !== undefined) terminal.say(`Flux opens Secrets with an age identity. Unless it has it: kubectl -n ${namespace} create secret generic ${decryption} --from-file=flux.agekey=FILE`);
}

/** The steps for a shell. Nothing inside a cluster is waited for: its Pods wait for machines. */
function tell(steps: readonly BootstrapStep[], meta: string, terminal: Terminal): void {
  const inside = [...new Set(steps.map(({ api }) => api).filter((api) => api !== meta))];
  for (const cluster of inside) terminal.say(`For ${cluster}: kubewright pki kubeconfig ${cluster} super-admin --identity FILE --out ${cluster}.kubeconfig`);
  terminal.print(steps.map((step) => [`# ${step.folder}, to ${step.api}`, ...commandsOf(step, meta)].join('\n')).join('\n\n'));
}

function commandsOf(step: BootstrapStep, meta: string): string[] {
  const { folder, api, manifests, forced } = step;
  const kubectl = api === meta ? 'kubectl' : `kubectl --kubeconfig ${api}.kubeconfig`;
  const namespaces = manifests.filter(({ kind }) => kind === 'Namespace');
  const waits = api === meta ? manifests.flatMap((manifest) => waitCommand(manifest) ?? []) : [];
  return [
    // kubectl applies the files of a folder by their names, and what is in a namespace may stand before it.
    ...namespaces.map(({ metadata }) => `${kubectl} apply --server-side -f ${folder}/namespace-${metadata.name}.yaml`),
    `${kubectl} apply --server-side ${forced ? `--force-conflicts --field-manager=${managerOf(step)} ` : ''}-f ${folder}`,
    ...waits,
  ];
}
