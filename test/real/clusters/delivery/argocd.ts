import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import { buildModule } from '../../binaries/build.ts';
import type { Running } from '../../host/processes.ts';
import { STATE } from '../../host/state.ts';
import { until } from '../../host/until.ts';
import { apply, filesFrom } from '../kubectl.ts';
import type { MetaCluster } from '../meta.ts';
import { saysOf, startProgram, type DeliveryTool, type Program, type Unsettled } from './tool.ts';

const NAMESPACE = 'argocd';
const [REDIS, REPO_SERVER] = ['127.0.0.1:6379', '127.0.0.1:8081'];
const KUBECONFIG = '/etc/kubernetes/admin.conf';

/** What is read of an Application. */
export interface Application {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly syncPolicy: { readonly automated?: object } };
  readonly status?: {
    readonly reconciledAt?: string;
    readonly sync?: { readonly status: string; readonly revision?: string };
    readonly health?: { readonly status: string };
    readonly operationState?: { readonly phase: string; readonly message?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly resources?: readonly { readonly kind: string; readonly name: string; readonly status?: string; readonly health?: { readonly status: string; readonly message?: string } }[];
  };
}

/** Argo CD 3.2, as its authors install it: its kinds, its ConfigMaps, a secret key, a project; the programs are run by hand, without their servers for people. */
export async function installArgocd(meta: MetaCluster): Promise<DeliveryTool> {
  const { kubectl } = meta;
  const programs = await buildModule('argocd');
  const files = (folder: string): string[] => readdirSync(join(programs, folder)).filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml').map((file) => join(programs, folder, file));
  await apply(kubectl, files('crds'));
  await kubectl.run(['create', 'namespace', NAMESPACE]);
  await kubectl.run(['apply', '--server-side', '-n', NAMESPACE, ...filesFrom(files('config'))]);
  const secretKey = { stringData: { 'server.secretkey': randomBytes(32).toString('hex') } };
  await kubectl.run(['-n', NAMESPACE, 'patch', 'secret', 'argocd-secret', '-p', JSON.stringify(secretKey)]);
  const project = {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'AppProject', metadata: { name: 'default', namespace: NAMESPACE },
    spec: { sourceRepos: ['*'], destinations: [{ namespace: '*', server: '*' }], clusterResourceWhitelist: [{ group: '*', kind: '*' }] },
  };
  await kubectl.run(['create', '-f', '-'], { input: JSON.stringify(project) });
  // It looks by itself, often: what is written on an Application to make it look is a difference to its root.
  let since = 0;
  const wait = (): Promise<void> => Promise.resolve(void (since = Date.now()));
  const unsettled = async (commit: string): Promise<readonly Unsettled[]> => (await applicationsOf(meta)).flatMap((application) => unsettledOf(application, commit, since));
  return {
    name: 'argocd', namespace: NAMESPACE, kind: 'application', agent: /^argocd-application-controller\//,
    run: () => runPrograms(meta, programs),
    tell: wait,
    look: wait,
    unsettled,
    evidence: (name) => kubectl.run(['-n', NAMESPACE, 'get', 'application', name, '-o', 'json', '--show-managed-fields']),
    complaint: (commit) => saysOf({ unsettled }, commit, meta.name),
  };
}

export const applicationsOf = async ({ kubectl }: MetaCluster): Promise<readonly Application[]> =>
  (await kubectl.get<{ readonly items: readonly Application[] }>('-n', NAMESPACE, 'applications')).items;

/** What it says counts once it has looked again since that moment. What is suspended it leaves as it is. */
function unsettledOf({ metadata: { name }, spec, status }: Application, commit: string, since: number): Unsettled[] {
  const { sync, health, operationState, conditions = [], resources = [] } = status ?? {};
  const isSettled = Date.parse(status?.reconciledAt ?? '') > since && sync?.revision === commit && sync.status === 'Synced' && health?.status === 'Healthy'
    && (operationState === undefined || operationState.phase === 'Succeeded');
  if (isSettled || spec.syncPolicy.automated === undefined) return [];
  const odd = resources.filter((one) => one.status === 'OutOfSync' || !['Healthy', undefined].includes(one.health?.status));
  const says = [
    sync?.status ?? 'not compared', health?.status ?? 'no health', operationState?.phase, operationState?.message, ...conditions.map(({ message }) => message),
    ...odd.map((one) => `${one.kind} ${one.name} ${one.status ?? ''} ${one.health?.status ?? ''} ${one.health?.message ?? ''}`),
  ];
  return [{ name, says: says.filter(Boolean).join('; ') }];
}

/** Settings that its own manifests hand to the controller as environment, from the ConfigMap that the fleet has a part in. */
async function runPrograms(meta: MetaCluster, programs: string): Promise<readonly Running[]> {
  const { data = {} } = await meta.kubectl.get<ConfigMap>('-n', NAMESPACE, 'configmap', 'argocd-cmd-params-cm');
  const folder = join(STATE, 'delivery', 'argocd');
  const folders = ['gnupg', 'ssh', 'tls'].map((name) => join(folder, name)) as [string, string, string];
  for (const path of folders) mkdirSync(path, { recursive: true, mode: 0o700 });
  const env = {
    ARGOCD_FAKE_IN_CLUSTER: 'true', ARGOCD_GPG_ENABLED: 'false', ARGOCD_GNUPGHOME: folders[0], ARGOCD_SSH_DATA_PATH: folders[1], ARGOCD_TLS_DATA_PATH: folders[2],
    POD_NAMESPACE: NAMESPACE, KUBECONFIG,
    // Otherwise it looks again after two to five minutes, at a cluster that was not there yet too.
    ARGOCD_RECONCILIATION_TIMEOUT: '20s', ARGOCD_RECONCILIATION_JITTER: '0s',
    // For three minutes it would say nothing of a commit that it cannot read.
    ARGOCD_REPO_ERROR_GRACE_PERIOD_SECONDS: '20s',
  };
  const started: readonly Program[] = [
    { name: 'redis', program: 'redis-server', args: ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'] },
    { name: 'repo-server', program: join(programs, 'argocd-repo-server'), env, args: ['--redis', REDIS, '--disable-tls'] },
    {
      name: 'application-controller', program: join(programs, 'argocd-application-controller'),
      env: { ...env, ARGOCD_APPLICATION_CONTROLLER_SYNC_TIMEOUT: data['controller.sync.timeout.seconds'] ?? '' },
      args: ['--kubeconfig', KUBECONFIG, '--namespace', NAMESPACE, '--redis', REDIS, '--repo-server', REPO_SERVER, '--repo-server-plaintext'],
    },
  ];
  return Promise.all(started.map((program) => startProgram(meta, program)));
}

/** `argocd app terminate-op` and then `argocd app sync`: a sync that was ended by hand is not tried again by itself. */
export async function endSync({ kubectl }: MetaCluster, name: string): Promise<void> {
  const patch = (what: object): Promise<string> => kubectl.run(['-n', NAMESPACE, 'patch', 'application', name, '--type=merge', '-p', JSON.stringify(what)]);
  await patch({ status: { operationState: { phase: 'Terminating' } } });
  const path = (field: string): Promise<string> => kubectl.run(['-n', NAMESPACE, 'get', 'application', name, '-o', `jsonpath={${field}}`]);
  await until('the sync has ended', 60, async () => (await path('.status.operationState.phase')) === 'Failed', () => path('.status.operationState'));
  await patch({ operation: { initiatedBy: { username: 'stories' }, sync: { prune: true, syncOptions: JSON.parse(await path('.spec.syncPolicy.syncOptions')) as unknown } } });
}
