import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { buildModule } from '../../binaries/build.ts';
import { apply } from '../kubectl.ts';
import type { MetaCluster } from '../meta.ts';
import type { Repository } from './repository.ts';
import { saysOf, startProgram, type DeliveryTool, type Unsettled } from './tool.ts';

const NAMESPACE = 'flux-system';
const REQUESTED = 'reconcile.fluxcd.io/requestedAt';
const KUBECONFIG = '/etc/kubernetes/admin.conf';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly message: string;
}

/** What is read of a Kustomization. */
export interface Kustomization {
  readonly metadata: { readonly name: string; readonly generation: number; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly suspend?: boolean };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly lastAppliedRevision?: string;
    readonly lastHandledReconcileAt?: string;
    readonly conditions?: readonly Condition[];
  };
}

/**
 * Flux as its authors install it, without source-controller: of its code the Go module proxy lacks something. What that
 * one writes into a GitRepository is written here instead, for each commit.
 */
export async function installFlux(meta: MetaCluster, repository: Repository): Promise<DeliveryTool> {
  const { kubectl } = meta;
  const programs = await buildModule('kustomize-controller');
  const files = (folder: string): string[] => readdirSync(join(programs, folder)).map((file) => join(programs, folder, file));
  await apply(kubectl, [...files('crds'), ...files('sources')]);
  await kubectl.run(['create', 'namespace', NAMESPACE]);
  const unsettled = async (commit: string): Promise<readonly Unsettled[]> => (await kustomizationsOf(meta)).flatMap((one) => unsettledOf(one, commit));
  return {
    name: 'flux', namespace: NAMESPACE, kind: 'kustomization', agent: /^kustomize-controller\//,
    run: async () => {
      const controller = await startProgram(meta, {
        name: 'kustomize-controller', program: join(programs, 'kustomize-controller'), env: { RUNTIME_NAMESPACE: NAMESPACE, KUBECONFIG },
        args: ['--events-addr=', '--metrics-addr=127.0.0.1:18080', '--health-addr=127.0.0.1:19440', '--requeue-dependency=5s', '--feature-gates=CancelHealthCheckOnNewRevision=true'],
      });
      return [controller];
    },
    tell: (commit) => publish(meta, repository, commit),
    look: async () => {
      await kubectl.run(['-n', NAMESPACE, 'annotate', 'kustomization', '--all', `${REQUESTED}=${new Date().toISOString()}`, '--overwrite']);
    },
    unsettled,
    evidence: (name) => kubectl.run(['-n', NAMESPACE, 'get', 'kustomization', name, '-o', 'yaml']),
    complaint: async (commit) => {
      const { status } = await kubectl.get<{ readonly status?: { readonly conditions?: readonly Condition[] } }>('-n', NAMESPACE, 'gitrepository', meta.name);
      const ready = status?.conditions?.find(({ type }) => type === 'Ready');
      return ready?.status === 'False' ? ready.message : saysOf({ unsettled }, commit, meta.name);
    },
  };
}

const revisionOf = (commit: string): string => `main@sha1:${commit}`;

/** A commit without the folder that is asked for is not stored, and the one before stays: so source-controller 1.8.5 does it. */
async function publish({ name, kubectl }: MetaCluster, repository: Repository, commit: string): Promise<void> {
  const lastUpdateTime = new Date().toISOString().replace(/\.\d+/, '');
  const artifact = await repository.artifactOf(commit);
  const ready = artifact === null
    ? { status: 'False', reason: 'GitOperationFailed', message: 'failed to sparse checkout directories: it does not exist in repository' }
    : { status: 'True', reason: 'Succeeded', message: 'stored' };
  const status = {
    ...(artifact === null ? {} : { artifact: { ...artifact, path: `${commit}.tar.gz`, revision: revisionOf(commit), lastUpdateTime } }),
    conditions: [{ type: 'Ready', ...ready, lastTransitionTime: lastUpdateTime }],
  };
  await kubectl.run(['-n', NAMESPACE, 'patch', 'gitrepository', name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })]);
}

export const kustomizationsOf = async ({ kubectl }: MetaCluster): Promise<readonly Kustomization[]> =>
  (await kubectl.get<{ readonly items: readonly Kustomization[] }>('-n', NAMESPACE, 'kustomizations')).items;

function unsettledOf({ metadata: { name, generation, annotations = {} }, spec, status }: Kustomization, commit: string): Unsettled[] {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  const hasLooked = [undefined, status?.lastHandledReconcileAt].includes(annotations[REQUESTED]);
  const isSettled = hasLooked && status?.observedGeneration === generation && ready?.status === 'True' && status.lastAppliedRevision === revisionOf(commit);
  return isSettled || spec.suspend === true ? [] : [{ name, says: ready?.message ?? 'not looked at yet' }];
}
