import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { jobsOf } from '../../lib/build/build.ts';
import { compileJob } from '../../lib/build/compile-job.ts';
import type { OpenFleet } from '../../lib/build/owners.ts';
import type { Compiled } from '../../lib/compile/cluster.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { Entropy } from '../../lib/pki/issuing/entropy.ts';
import { issueLocks, opened, SEALING } from './fleets.ts';
import { temporaryFolder, writeFiles, type Ends } from './folders.ts';
import { linkPackages } from './packages.ts';
import { seededEntropy } from './pki.ts';

/** The checkout: its `clusters/` and `dist/` are the fleet that people read. */
export const ROOT = new URL('../../', import.meta.url).pathname.replace(/\/$/, '');

/** What each owner of a fleet compiles to, by name, with no cache anywhere. */
export function compileFleet(open: OpenFleet): ReadonlyMap<string, Compiled> {
  return new Map(jobsOf(open).map((job) => [job.owner.name, compileJob(job, open)]));
}

/** The committed fleet with keys of the tests: everything that it seals can be opened here. `edit` may change it before. */
export async function fleetWithOwnKeys(ends: Ends, edit: (fleet: string) => string = (fleet) => fleet, entropyOf: (cluster: string) => Entropy = seededEntropy): Promise<OpenFleet> {
  const root = temporaryFolder(ends);
  cpSync(join(ROOT, 'clusters'), join(root, 'clusters'), { recursive: true });
  linkPackages(root);
  writeFiles(root, { 'clusters/sealing.pem': SEALING.certificatePem, 'clusters/fleet.ts': edit(readFileSync(join(root, 'clusters/fleet.ts'), 'utf8')) });
  await issueLocks(await opened(root), entropyOf);
  return opened(root);
}

/** A manifest as somebody else's parser reads it. */
export interface ReadBack {
  readonly path: string;
  readonly text: string;
  readonly manifest: Manifest;
}

export const readBack = ({ files }: Compiled): ReadBack[] => files.filter(({ path }) => path.endsWith('.yaml') && !path.includes('/bootstrap/'))
  .map(({ path, text }) => ({ path, text, manifest: parse(text) as Manifest }));

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly { readonly name: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number; readonly protocol?: string }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly startupProbe?: Probe;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string; readonly scheme: string };
  readonly timeoutSeconds: number;
}

export interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly { readonly name: string; readonly secret?: { readonly secretName: string; readonly items?: readonly { readonly key: string; readonly path: string }[] } }[];
    readonly [field: string]: unknown;
  };
}

/** The Pod template of a workload; null for every other kind. */
export function templateOf({ kind, spec }: Manifest): PodTemplate | null {
  const fields = spec as { readonly template?: unknown; readonly jobTemplate?: { readonly spec: { readonly template: unknown } } } | undefined;
  const template = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'].includes(kind) ? fields?.template : kind === 'CronJob' ? fields?.jobTemplate?.spec.template : undefined;
  return (template ?? null) as PodTemplate | null;
}

export const containersOf = ({ spec }: PodTemplate): readonly Container[] => [...(spec.initContainers ?? []), ...spec.containers];

/** Everything that the kubelet asks of a container. */
export const probesOf = ({ startupProbe, livenessProbe, readinessProbe }: Container): Probe[] => [startupProbe, livenessProbe, readinessProbe].flatMap((probe) => probe ?? []);

/** The value of a flag; undefined when the container is not given it. */
export const flagOf = ({ args = [] }: Container, flag: string): string | undefined => args.find((arg) => arg.startsWith(`--${flag}=`))?.slice(flag.length + 3);
