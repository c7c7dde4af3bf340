import { isRecord } from '../pki/records.ts';
import { error } from '../validate/say.ts';
import { told, unlessApplied, valueAt, type MoveRule } from './move.ts';

const APISERVER = 'components.apiserver';

/** Who applied a number and no longer states one gives the field up, and a field that nobody has falls back to its default. */
export const replicasGoOn: MoveRule = (move) => {
  const replicas = Number(valueAt(move.before, `${APISERVER}.replicas`) ?? 0);
  const [was, is] = [valueAt(move.before, `${APISERVER}.autoscale`), valueAt(move.after, `${APISERVER}.autoscale`)];
  if (was !== null || !isRecord(is) || replicas <= 1 || 'handover' in is) return [];
  const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'kube-apiserver', namespace: valueAt(move.after, 'namespace') }, spec: { replicas } };
  return [error('transition/autoscale', move.of, `${APISERVER}.autoscale`, {
    what: `the manifest of kube-apiserver says ${replicas} replicas, and would leave the number to an autoscaler now.`,
    why: `who applies it gives the number up, which falls back to 1, and ${replicas - 1} of ${replicas} API servers end at once, until the autoscaler acts.`,
    fix: `let somebody else hold the number first: run \`echo '${JSON.stringify(object)}' | kubectl apply --server-side --validate=false --field-manager=handover -f -\` `
      + `in meta cluster ${told(valueAt(move.after, 'meta.name'))}, then name them in autoscale.handover. ${unlessApplied(move)}`,
  })];
};
