import { settles } from '../../clusters/delivery/tool.ts';
import { until } from '../../host/until.ts';
import { CHANGED, type Delivered } from './begin.ts';

/** What somebody does by hand to what is committed, and how it is seen to be undone. */
const DEEDS: readonly (readonly [deed: readonly string[], undone: readonly string[], is: string])[] = [
  [['delete', 'deployment', 'kube-scheduler'], ['deployment', 'kube-scheduler', '-o', 'jsonpath={.status.readyReplicas}'], '1'],
  [['patch', 'service', 'apiserver', '--type=merge', '-p', '{"spec":{"selector":{"app.kubernetes.io/name":"nobody"}}}'], ['service', 'apiserver', '-o', 'jsonpath={.spec.selector.app\\.kubernetes\\.io/name}'], 'kube-apiserver'],
  [['delete', 'configmap', 'trust'], ['configmap', 'trust', '-o', 'jsonpath={.metadata.name}'], 'trust'],
];

/** What is deleted or edited by hand comes back. Flux looks every half hour; it is asked to look now. */
export async function heal(delivered: Delivered, commit: string): Promise<void> {
  const { meta: { kubectl }, tool, planes, say } = delivered;
  const here = ['-n', planes[CHANGED].cluster.namespace];
  for (const [deed] of DEEDS) await kubectl.run([...here, ...deed]);
  if (tool.name === 'flux') await tool.look();
  for (const [deed, undone, is] of DEEDS) {
    const now = async (): Promise<string> => (await kubectl.attempt([...here, 'get', ...undone])).out;
    await until(`${deed.slice(0, 3).join(' ')} is undone`, 180, async () => (await now()) === is, now);
  }
  await settles(tool, commit);
  say('what was deleted and edited by hand is as it is committed');
}
