import { APISERVER_FLAGS } from '../../charts/apiserver/flags.ts';
import { CONTROLLER_MANAGER_FLAGS } from '../../charts/controllers/controller-manager.ts';
import { SCHEDULER_FLAGS } from '../../charts/controllers/scheduler.ts';
import { jobsOf } from '../build/build.ts';
import { nearestNames } from '../build/names.ts';
import { argumentsOf } from '../constructs/flags.ts';
import type { Locate } from '../load/loaded.ts';
import type { ClusterDefinition } from '../model/definition.ts';
import type { ResolvedCluster } from '../model/resolved.ts';
import { hasErrors } from '../problem.ts';
import { metaView, resolve } from '../resolve/resolve.ts';
import { judgeCluster } from '../validate/validate.ts';
import { openOrTell } from './build.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { flatten, originOf, pathOf, type Origin, type Row } from './origins.ts';
import { answer, type Terminal } from './terminal.ts';

/** `kubewright explain <cluster>`: every value that the manifests follow from, and where each comes from. */
export async function runExplain(root: string, name: string, terminal: Terminal): Promise<ExitCode> {
  const open = await openOrTell(root, terminal);
  if (open === null) return EXIT.problems;
  const job = jobsOf(open).find(({ owner }) => owner.kind === 'cluster' && owner.name === name);
  const judged = job === undefined ? null : judgeCluster(job.owner.definition, { meta: job.meta, delivery: open.fleet.delivery }, job.of);
  if (job === undefined || judged === null) {
    terminal.say(`There is no cluster ${name}.${nearestNames(name, open.fleet.clusters)}`);
    return EXIT.usage;
  }
  if (hasErrors(judged.problems) || judged.definition === null || job.meta === null) {
    const locate = await open.locator();
    terminal.show(judged.problems, locate);
    if (terminal.json) terminal.print(answer(false, judged.problems, locate, {}));
    return EXIT.problems;
  }
  const cluster = resolve(judged.definition, { meta: metaView(job.meta), images: open.fleet.images, delivery: open.fleet.delivery });
  const rows = explain(cluster, judged.definition, name, await open.locator());
  if (terminal.json) terminal.print(JSON.stringify({ ok: true, cluster: name, values: rows }, null, 2));
  else for (const row of rows) terminal.print(textOf(row, terminal));
  return EXIT.done;
}

function explain(cluster: ResolvedCluster, definition: ClusterDefinition, name: string, locate: Locate): Row[] {
  const where = (path: string): string => {
    const { file, line } = locate({ of: name, path });
    return line === undefined ? file : `${file}:${line}`;
  };
  const leaves = flatten(cluster).filter(({ steps }) => !(steps[0] === 'components' && steps[2] === 'args'));
  const values = leaves.map(({ steps, value }) => ({ path: pathOf(steps), value, ...originOf(steps, definition, cluster, where) }));
  return [...values, ...argumentRows(cluster, where)];
}

const COMPONENTS = [
  ['apiserver', APISERVER_FLAGS],
  ['controllerManager', CONTROLLER_MANAGER_FLAGS],
  ['scheduler', SCHEDULER_FLAGS],
] as const;

/** Arguments as the component gets them: the author's, and the compiler's. */
function argumentRows(cluster: ResolvedCluster, where: (path: string) => string): Row[] {
  return COMPONENTS.flatMap(([key, flags]) => {
    const { args } = cluster.components[key];
    return argumentsOf(flags, cluster, args).map((argument): Row => {
      const [, name = '', value = ''] = /^--([^=]+)=(.*)$/s.exec(argument) ?? [];
      const isGiven = name in args;
      const path = pathOf(['components', key, 'args', name]);
      return { path, value, origin: isGiven ? 'given' : 'default', where: isGiven ? where(path) : null };
    });
  });
}

const PAINT: Readonly<Record<Origin, 'green' | 'dim' | 'cyan'>> = { given: 'green', default: 'dim', derived: 'cyan' };

function textOf({ path, value, origin, where }: Row, { colors }: Terminal): string {
  return `${path} = ${value}  ${colors[PAINT[origin]](where === null ? `(${origin})` : `(${where})`)}`;
}
