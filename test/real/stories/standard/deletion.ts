import { deepEqual, equal } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import type { Kubectl } from '../../clusters/kubectl.ts';
import type { Lab } from '../../story.ts';

const HOLDS_STATE = 'kubewright.dev/holds=state';
const ALLOWED = 'kubewright.dev/deletion';

/** Kinds of which each control plane with claims has some that hold state, and what else holds state in its meta cluster. */
const GUARDED = ['statefulsets', 'persistentvolumeclaims', 'sealedsecrets', 'secrets'] as const;
const ELSEWHERE = ['namespaces', 'customresourcedefinitions'] as const;

/** Asks for deletions that the API server admits or refuses, and then does not do; gives what it refused as holding state. */
async function refused(kubectl: Kubectl, ...what: readonly string[]): Promise<number> {
  const { complaint } = await kubectl.attempt(['delete', '--dry-run=server', '--wait=false', ...what]);
  const lines = complaint.split('\n').filter((line) => line !== '');
  deepEqual(lines.filter((line) => !line.includes('It holds state of a control plane.')), [], `kubectl delete ${what.join(' ')}`);
  return lines.length;
}

/** The meta cluster's policy refuses to delete what a control plane is lost without, to somebody who may do everything, and nothing else. */
export async function checkDeletions({ meta: { kubectl }, say }: Lab, { cluster: { namespace } }: ControlPlane): Promise<void> {
  const here = ['-n', namespace];
  for (const kind of GUARDED) {
    const held = await kubectl.names(kind, ...here, '-l', HOLDS_STATE);
    equal(held.length > 0 && await refused(kubectl, kind, ...here, '-l', HOLDS_STATE), held.length, `${kind} that cannot be deleted`);
  }
  for (const kind of ELSEWHERE) equal(await refused(kubectl, kind, '-l', HOLDS_STATE), (await kubectl.names(kind, '-l', HOLDS_STATE)).length, kind);
  equal(await refused(kubectl, 'all,secrets,sealedsecrets,networkpolicies,configmaps', ...here, '-l', `!${HOLDS_STATE.split('=')[0] ?? ''}`), 0);

  const [claim = ''] = await kubectl.names('persistentvolumeclaims', ...here, '-l', HOLDS_STATE);
  await kubectl.run(['label', claim, ...here, `${ALLOWED}=allowed`]);
  equal(await refused(kubectl, claim, ...here), 0, 'deletions of what may go');
  await kubectl.run(['label', claim, ...here, `${ALLOWED}-`]);
  equal(await refused(kubectl, claim, ...here), 1);
  say('what holds state cannot be deleted by mistake, and all else can');
}
