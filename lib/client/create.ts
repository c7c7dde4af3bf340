import type { Problem } from '../problem.ts';
import type { ApiAccess } from './access.ts';
import { checkCluster, failureProblem, statusProblem } from './problems.ts';
import { send } from './request.ts';

/** One object that is to be made, and where the API takes it. */
export interface Creation {
  /** The collection: `/api/v1/namespaces/kube-system/secrets`. */
  readonly path: string;
  readonly object: object;
  /** The cluster that it is for, and PEM of the authorities that its API server is signed by. The kubeconfig has no say in that. */
  readonly cluster: string;
  readonly authorities: readonly string[];
}

/** Makes one object through a cluster's API; what stands there already is left alone. Nothing is sent before the server has proved that it is of that cluster. */
export async function createObject(access: ApiAccess, creation: Creation): Promise<readonly Problem[]> {
  const elsewhere = checkCluster(access, creation);
  if (elsewhere.length > 0) return elsewhere;
  const { path, object: body, authorities } = creation;
  try {
    const { status, message } = await send(access, { method: 'POST', path: `${path}?fieldManager=kubewright`, body, authorities });
    return status === 201 ? [] : [statusProblem(status, message, access, creation)];
  } catch (cause) {
    return [failureProblem(cause, access, creation)];
  }
}
