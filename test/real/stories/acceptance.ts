import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResolvedMetaCluster } from '../../../lib/model/resolved-meta.ts';
import { MINORS, type Minor } from '../../../lib/versions/minor.ts';
import { withApiServer, type ApiServer } from '../clusters/api-server.ts';
import { programPath } from '../binaries/build.ts';
import { runGo } from '../binaries/go.ts';
import { attempt } from '../host/command.ts';
import { COMMITTED, compiled, DIST, manifestFiles, readResolved, stagesOf } from '../fleet.ts';
import type { Kubectl } from '../clusters/kubectl.ts';
import { describe } from '../host/problem.ts';
import { STATE } from '../host/state.ts';
import { inLanes } from '../host/together.ts';
import type { Desk, Story } from '../story.ts';
import { secondsSince } from '../host/until.ts';
import { acceptTwice, define, demandNone, writtenAlong, type Waves } from './acceptance/objects.ts';
import { acceptTenant, tenantsOf } from './acceptance/tenants.ts';

/** What one meta cluster is given. */
interface Fleet {
  readonly name: string;
  readonly minor: Minor;
  /** Minors whose API servers are given its files. */
  readonly on: readonly Minor[];
  /** What `kubeadm` is given to make the meta cluster. */
  readonly bootstrap: readonly string[];
  /** Files that are applied together, one wave after another. */
  readonly waves: Waves;
}

/** More of them at a time would only wait for one another on a small host. */
const AT_A_TIME = 2;

/**
 * What the stories' fleet has for its meta cluster goes to that one's minor. What the committed fleet has, with every option
 * there is, goes to every minor, for a meta cluster may run any of them; and what it has for a tenant, to the tenant's own.
 * Nothing is tried as a dry run only: the one kind that neither Kubernetes nor we define is TLSRoute, whose own CRD is there.
 */
export const story: Story = {
  name: 'acceptance',
  shows: 'API servers of every minor take every manifest without a warning, and a second time change nothing',
  machines: false,
  tell: async (desk) => {
    const fleets = [fleetIn(DIST, 'lab'), { ...fleetIn(COMMITTED, 'hangzhou-meta'), on: MINORS }];
    for (const fleet of fleets) await validate(fleet);
    const gateway = await gatewayDefinition();
    await inLanes(AT_A_TIME, [
      ...[...MINORS].reverse().map((minor) => () => acceptAll(desk, minor, gateway, fleets).catch(refusedBy(`v${minor}`))),
      ...tenantsOf('hangzhou-meta', COMMITTED).map(({ cluster, stages }) => () => acceptTenant(desk, cluster, stages).catch(refusedBy(cluster.name))),
    ]);
  },
};

/** Says whose API server it was. */
const refusedBy = (whose: string) => (problem: unknown): never => {
  throw new Error(`${whose}: ${describe(problem)}`);
};

/** Definitions, then the platform, then all clusters at once: the first stage of each, then the second of each. */
function fleetIn(dist: string, meta: string): Fleet {
  const clusters = readdirSync(compiled(`${meta}/clusters`, dist)).map((name) =>
    (['data', 'control-plane'] as const).flatMap((part) => stagesOf(meta, name, part, dist)));
  const longest = Math.max(...clusters.map((stages) => stages.length));
  const stages = Array.from({ length: longest }, (_, index) => clusters.flatMap((cluster) => cluster[index]?.files ?? []));
  const waves = [manifestFiles(`${meta}/crds`, dist), manifestFiles(`${meta}/platform`, dist), ...stages];

  const isTenant = (file: string): boolean => file.startsWith(compiled(`${meta}/clusters`, dist)) && /\/tenant(-crds)?\//.test(file);
  const everything = ['crds', 'platform', 'clusters'].flatMap((part) => manifestFiles(`${meta}/${part}`, dist)).filter((file) => !isTenant(file));
  demandNone('in no stage', everything.filter((file) => !waves.flat().includes(file)));
  const { minor } = readResolved<ResolvedMetaCluster>(meta, dist);
  return { name: meta, minor, on: [minor], waves, bootstrap: manifestFiles(`${meta}/bootstrap`, dist).filter((file) => !/\/(?:argocd|flux)\/[^/]+$/.test(file)) };
}

/** Who joins is given its discovery file on the way, and kubeadm misses it here. */
const MISSING_DISCOVERY = /^error: discovery\.file\.kubeConfigPath: .* or a file on disk\nTo see the stack trace .*\n$/;

/** What is not for an API server is read by kubeadm itself. */
async function validate({ minor, bootstrap }: Fleet): Promise<void> {
  const kubeadm = await programPath(`kubernetes-${minor}`, 'kubeadm');
  for (const file of bootstrap) {
    const { complaint } = await attempt([kubeadm, 'config', 'validate', '--config', file]);
    demandNone(`kubeadm on ${file}`, complaint.replace(MISSING_DISCOVERY, '').split('\n').filter(Boolean));
  }
}

/** The CRD of TLSRoute as the Gateway API released it; the same module that the compiler's own check is made from. */
async function gatewayDefinition(): Promise<string> {
  const { module } = JSON.parse(readFileSync(new URL('../../../lib/checks/crds/tls-route.json', import.meta.url), 'utf8')) as { readonly module: string };
  const { Dir } = JSON.parse(await runGo(tmpdir(), 'mod', 'download', '-json', module)) as { readonly Dir: string };
  return join(Dir, 'config/crd/experimental/gateway.networking.k8s.io_tlsroutes.yaml');
}

async function acceptAll(desk: Desk, minor: Minor, gateway: string, fleets: readonly Fleet[]): Promise<void> {
  const start = Date.now();
  await withApiServer(minor, [], async (server) => {
    await define(server.kubectl, [gateway]);
    for (const fleet of fleets.filter(({ on }) => on.includes(minor))) await accept(desk, minor, server.kubectl, fleet);
    const last = fleets.at(-1);
    if (minor === MINORS.at(-1) && last !== undefined) await writeAlong(desk, server, last);
  }, STATE);
  desk.figure(`v${minor}`, 'took (s)', secondsSince(start));
}

async function accept({ figure }: Desk, minor: Minor, kubectl: Kubectl, { name, waves: [crds = [], ...waves] }: Fleet): Promise<void> {
  const objects = await acceptTwice(kubectl, crds, waves);
  figure(`v${minor}`, `kinds of ${name}`, new Set(objects.map(({ kind }) => kind)).size);
  figure(`v${minor}`, `objects of ${name}`, objects.length);
}

async function writeAlong({ say, figure }: Desk, { kubectl, startControllers }: ApiServer, { name, waves }: Fleet): Promise<void> {
  const start = Date.now();
  await startControllers();
  await writtenAlong(kubectl, waves.flat());
  figure(name, 'controllers idle (s)', secondsSince(start));
  say(`${name}: controllers of v${MINORS.at(-1) ?? ''} have written into everything, and nothing differs`);
}
