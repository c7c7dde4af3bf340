import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { linkPackages } from '../support/packages.ts';
import { exitOnSignals, programPath } from './binaries/build.ts';
import { applyControlPlane, readyReport, tenantKubeconfig } from './clusters/control-plane.ts';
import { compiled, compileFleet, type LayDefinitions } from './fleet.ts';
import type { Machine } from './host/machines.ts';
import { startMeta } from './clusters/meta.ts';
import { missingPrerequisites, readHost } from './host/prerequisites.ts';
import { describe } from './host/problem.ts';
import { claimHost, endAll, handOver, isUnderWay, STATE } from './host/state.ts';
import { secondsSince } from './host/until.ts';

const USAGE = `npm run lab -- up               the committed fleet's smallest cluster, on one machine made of namespaces
npm run lab -- up --fleet DIR   the same with the definitions in DIR/clusters
npm run lab -- kubectl ...      kubectl for that cluster, as in: npm run lab -- kubectl get namespaces
npm run lab -- meta ...         kubectl for its meta cluster, as in: npm run lab -- meta get pods -A
npm run lab -- down             ends it, and removes everything that it left
npm run lab -- help             this

What differs from what is committed: one machine instead of all; a kubelet without systemd that reserves nothing; keys of
the lab's own, which end with it; images under their own names, not those of a mirror. The cluster's definition is the same.`;

/** What is typed before the arguments of kubectl, for the cluster and for its meta cluster. */
type Doors = Readonly<Record<'kubectl' | 'meta', readonly string[]>>;

const DOORS = join(STATE, 'doors.json');
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const NOT_THERE = 'No lab is up; `npm run lab -- up` brings one up.';

/** Exit codes are those of the product: 0 done, 1 problems, 2 used wrongly. */
async function main([command = 'help', ...args]: readonly string[]): Promise<number> {
  if (command === 'help' && args.length === 0) return tell(USAGE);
  if (command === 'kubectl' || command === 'meta') return enter(command, args);
  if (command === 'down' && args.length === 0) return down();
  const [flag, folder] = args;
  if (command === 'up' && args.length === 0) return up(here('../../'));
  if (command === 'up' && args.length === 2 && flag === '--fleet' && folder !== undefined) return up(resolve(folder));
  console.error(`The lab does not know ${[command, ...args].join(' ')}.\n\n${USAGE}`);
  return 2;
}

async function up(root: string): Promise<number> {
  if (!existsSync(join(root, 'clusters/fleet.ts'))) throw new Error(`There is no fleet in ${root}: clusters/fleet.ts is missing.`);
  const missing = missingPrerequisites({ machines: true }, readHost());
  if (missing.length > 0) throw new Error(missing.join('\n'));
  const start = Date.now();
  const say = (line: string): void => console.log(`${secondsSince(start).toFixed(1).padStart(7)}  ${line}`);
  claimHost();
  process.once('exit', endAll);
  exitOnSignals();

  await compileFleet(layFrom(join(root, 'clusters')));
  const { meta: metaName, cluster } = compiledNames();
  say(`${cluster} and ${metaName} are compiled`);
  const meta = await startMeta(metaName);
  say(`${metaName} is ready, on one machine`);
  const plane = await applyControlPlane(meta, cluster);
  await readyReport(plane, meta);
  say(`${cluster} is ready`);

  const [machine] = meta.machines;
  const programs = await Promise.all([plane.cluster.minor, meta.definition.minor].map((minor) => programPath(`kubernetes-${minor}`, 'kubectl')));
  const doors: Doors = {
    kubectl: doorTo(machine, programs[0] ?? '', 'kubeconfig', await tenantKubeconfig(meta, plane.cluster, 'super-admin-kubeconfig')),
    meta: doorTo(machine, programs[1] ?? '', 'meta-kubeconfig', await machine.run(['cat', '/etc/kubernetes/admin.conf'])),
  };
  writeFileSync(DOORS, JSON.stringify(doors));
  handOver(machine.pid);
  process.off('exit', endAll);
  return tell(`
kubeconfig      ${join(STATE, 'kubeconfig')}
from here       npm run lab -- kubectl get namespaces
by hand         ${[...doors.kubectl, 'get', 'namespaces'].join(' ')}
meta cluster    npm run lab -- meta get pods -A
the machine     ${machine.inside(['sh']).join(' ')}
to end it       npm run lab -- down

Its network is the machine's: nothing of it is reached from this host otherwise.`);
}

/** A copy without anything that is locked or sealed: who could open that is not here. */
function layFrom(clusters: string): LayDefinitions {
  return (folder) => {
    cpSync(clusters, folder, { recursive: true, filter: (path) => !/\/pki\.(lock\.yaml|keystore\.age)$/.test(path) });
    linkPackages(join(folder, '..'));
    renameSync(join(folder, 'fleet.ts'), join(folder, 'committed.ts'));
    cpSync(here('lab/clusters/fleet.ts'), join(folder, 'fleet.ts'));
    cpSync(here('fleet/clusters/lab/shared-host.ts'), join(folder, 'shared-host.ts'));
  };
}

/** The lab's fleet has one of each. */
function compiledNames(): { readonly meta: string; readonly cluster: string } {
  const meta = readdirSync(compiled('')).find((name) => name !== 'records') ?? '';
  return { meta, cluster: readdirSync(compiled(`${meta}/clusters`))[0] ?? '' };
}

/** kubectl from this host's shell. Names are known on the machine only, so the server is asked by its address. */
function doorTo(machine: Machine, program: string, file: string, kubeconfig: string): string[] {
  const path = join(STATE, file);
  writeFileSync(path, byAddress(kubeconfig, machine.address), { mode: 0o600 });
  return ['nsenter', '-t', String(machine.pid), '-n', program, '--kubeconfig', path];
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string } }[];
}

function byAddress(text: string, address: string): string {
  const config = parse(text) as Kubeconfig;
  const clusters = config.clusters.map(({ name, cluster }) => {
    const { hostname, port } = new URL(cluster.server);
    return { name, cluster: { ...cluster, server: `https://${address}:${port}`, 'tls-server-name': hostname } };
  });
  return `${JSON.stringify({ ...config, clusters }, null, 2)}\n`;
}

function enter(door: keyof Doors, args: readonly string[]): number {
  if (!isUnderWay() || !existsSync(DOORS)) throw new Error(NOT_THERE);
  const [program = '', ...before] = (JSON.parse(readFileSync(DOORS, 'utf8')) as Doors)[door];
  return spawnSync(program, [...before, ...args], { stdio: 'inherit' }).status ?? 1;
}

function down(): number {
  if (!existsSync(STATE)) return tell(NOT_THERE);
  endAll();
  return tell('The lab is down, and nothing of it is left.');
}

function tell(text: string): number {
  console.log(text);
  return 0;
}

main(process.argv.slice(2)).then((code) => process.exit(code), (problem: unknown) => {
  console.error(describe(problem));
  process.exit(1);
});
