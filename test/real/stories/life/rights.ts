import { deepEqual, equal, match } from 'node:assert/strict';
import type { SelfSubjectAccessReview } from 'kubernetes-types/authorization/v1';
import { parse, stringify } from 'yaml';
import { tenantKubeconfig, tenantKubectl, type ControlPlane } from '../../clusters/control-plane.ts';
import { programPath } from '../../binaries/build.ts';
import { kubectlOf, type Kubectl } from '../../clusters/kubectl.ts';
import type { MetaCluster } from '../../clusters/meta.ts';

/** The Secret of each identity's kubeconfig. */
const KUBECONFIGS = {
  superAdmin: 'super-admin-kubeconfig',
  admin: 'admin-kubeconfig',
  shopCi: 'user-shop-ci-kubeconfig',
  onCall: 'user-on-call-kubeconfig',
} as const;

type Identity = keyof typeof KUBECONFIGS;

const EVERYBODY = Object.keys(KUBECONFIGS) as Identity[];

/** What each certificate says of its holder; every signed-in user is in one group more. */
const WHO: Readonly<Record<Identity, readonly [string, readonly string[]]>> = {
  superAdmin: ['kubernetes-super-admin', ['system:masters']],
  admin: ['kubernetes-admin', ['kubeadm:cluster-admins']],
  shopCi: ['shop-ci', ['deployers']],
  onCall: ['on-call', ['operators', 'viewers']],
};

/** A certificate names groups only. What these may do is bound inside the cluster: here as its bootstrap would. */
const BINDINGS: readonly (readonly string[])[] = [
  ['create', 'clusterrolebinding', 'admins', '--clusterrole=cluster-admin', '--group=kubeadm:cluster-admins'],
  ['create', 'clusterrolebinding', 'viewers', '--clusterrole=view', '--group=viewers'],
  ['create', 'clusterrole', 'operator', '--verb=get,list,patch', '--resource=nodes'],
  ['create', 'clusterrolebinding', 'operators', '--clusterrole=operator', '--group=operators'],
  ['create', 'namespace', 'shop'],
  ['-n', 'shop', 'create', 'rolebinding', 'deployers', '--clusterrole=edit', '--group=deployers'],
];

/** Verb, resource, group, and in which namespace; and whose answer is yes. */
const RIGHTS: readonly (readonly [question: string, may: readonly Identity[]])[] = [
  ['* * *', ['superAdmin', 'admin']],
  ['create clusterrolebindings rbac.authorization.k8s.io', ['superAdmin', 'admin']],
  ['impersonate users', ['superAdmin', 'admin']],
  ['delete nodes', ['superAdmin', 'admin']],
  ['patch nodes', ['superAdmin', 'admin', 'onCall']],
  ['list pods in default', ['superAdmin', 'admin', 'onCall']],
  ['list pods in shop', EVERYBODY],
  ['get secrets in shop', ['superAdmin', 'admin', 'shopCi']],
  ['create deployments apps in shop', ['superAdmin', 'admin', 'shopCi']],
  ['create deployments apps in default', ['superAdmin', 'admin']],
];

/** Each kubeconfig does what its groups are bound to and no more; before anything is bound only super-admin does anything. */
export async function checkRights(meta: MetaCluster, plane: ControlPlane): Promise<void> {
  const identities = await Promise.all(EVERYBODY.map(async (who) => [who, await tenantKubectl(meta, plane.cluster, KUBECONFIGS[who])] as const));
  const as = Object.fromEntries(identities) as Record<Identity, Kubectl>;
  for (const who of EVERYBODY) deepEqual(await claimsOf(as[who]), [WHO[who][0], [...WHO[who][1], 'system:authenticated'].sort()]);

  deepEqual(await rightsOf(as), RIGHTS.map(([question]) => [question, ['superAdmin']]), 'rights without a binding');
  for (const binding of BINDINGS) await as.superAdmin.run(binding);
  deepEqual(await rightsOf(as), RIGHTS);

  await as.shopCi.run(['-n', 'shop', 'create', 'deployment', 'web', '--image=web.test/web:1', '--replicas=2']);
  match(await as.onCall.run(['-n', 'shop', 'get', 'deployments', '-o', 'name']), /deployment\.apps\/web/);
  for (const [who, request] of [['shopCi', '-n default create configmap x'], ['onCall', '-n shop delete deployment web'], ['onCall', '-n shop get secrets']] as const) {
    match((await as[who].attempt(request.split(' '))).complaint, new RegExp(`is forbidden: User "${WHO[who][0]}" cannot `));
  }
}

async function claimsOf(kubectl: Kubectl): Promise<[string, string[]]> {
  const { status } = JSON.parse(await kubectl.run(['auth', 'whoami', '-o', 'json'])) as { readonly status: { readonly userInfo: { readonly username: string; readonly groups: readonly string[] } } };
  return [status.userInfo.username, [...status.userInfo.groups].sort()];
}

/** Who may do what, as the API server tells each identity of itself. */
async function rightsOf(as: Readonly<Record<Identity, Kubectl>>): Promise<(readonly [string, Identity[]])[]> {
  const input = RIGHTS.map(([question]) => JSON.stringify(reviewOf(question))).join('\n');
  const answers = await Promise.all(EVERYBODY.map(async (who) => {
    const text = await as[who].run(['create', '--validate=false', '-f', '-', '-o', 'jsonpath={.status.allowed}{"\\n"}'], { input });
    return { who, allowed: text.trim().split('\n').map((word) => word === 'true') };
  }));
  return RIGHTS.map(([question], index) => [question, answers.filter(({ allowed }) => allowed[index]).map(({ who }) => who)] as const);
}

function reviewOf(question: string): SelfSubjectAccessReview {
  const [what = '', namespace] = question.split(' in ');
  const [verb = '', resource = '', group = ''] = what.split(' ');
  return { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb, resource, group, ...(namespace === undefined ? {} : { namespace }) } } };
}

interface Kubeconfig {
  readonly clusters: readonly { readonly cluster: { readonly server: string } }[];
  readonly users: readonly unknown[];
  readonly contexts: readonly { readonly context: object }[];
}

/** The highest identity of another cluster is nobody here. */
export async function checkStranger(meta: MetaCluster, plane: ControlPlane, neighbour: ControlPlane): Promise<void> {
  const [here, there] = await Promise.all([plane, neighbour].map(async ({ cluster }) => parse(await tenantKubeconfig(meta, cluster, KUBECONFIGS.superAdmin)) as Kubeconfig));
  const mixed = {
    ...here, users: [{ name: 'stranger', user: (there?.users[0] as { readonly user: unknown }).user }],
    contexts: [{ name: 'mixed', context: { ...here?.contexts[0]?.context, user: 'stranger' } }], 'current-context': 'mixed',
  };
  const [machine] = meta.machines;
  const path = `/run/${neighbour.cluster.name}-at-${plane.cluster.name}`;
  await machine.run(['sh', '-c', `umask 077 && cat > ${path}`], { input: stringify(mixed) });
  const stranger = kubectlOf(machine, await programPath(`kubernetes-${plane.cluster.minor}`, 'kubectl'), path);
  match((await stranger.attempt(['get', 'namespaces'])).complaint, /\(Unauthorized\)|must be logged in/);
}

/** Who shows nothing may ask for two paths; a token of an issuer that does not answer is refused, and soon. */
export async function checkAnonymous({ machines: [machine] }: MetaCluster, { cluster: { endpoint } }: ControlPlane): Promise<void> {
  const payload = { iss: 'https://login.life.test', aud: 'life', email: 'a@life.test', exp: 4_000_000_000 };
  const token = [{ alg: 'RS256', kid: 'none' }, payload, {}].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const status = (path: string, ...more: readonly string[]): Promise<string> =>
    machine.run(['curl', '-sk', '--max-time', '5', '-o', '/dev/null', '-w', '%{http_code}', ...more, `https://${endpoint.host}:${endpoint.port}${path}`]);
  equal(await status('/livez'), '200');
  equal(await status('/readyz'), '200');
  equal(await status('/version'), '401');
  equal(await status('/api'), '401');
  equal(await status('/readyz', '-H', `Authorization: Bearer ${token}`), '401', 'a token of an issuer that does not answer');
}
