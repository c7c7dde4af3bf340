import { MINORS, type Minor } from './minor.ts';
import { minorsApart } from './version.ts';

/** How many minors a component may be older or newer than kube-apiserver. */
interface Distance {
  readonly older: number;
  readonly newer: number;
}

/** https://kubernetes.io/releases/version-skew-policy/ */
export const SKEWS = {
  'kube-apiserver': { older: 1, newer: 1 },
  'kube-controller-manager': { older: 1, newer: 0 },
  'kube-scheduler': { older: 1, newer: 0 },
  'cloud-controller-manager': { older: 1, newer: 0 },
  kubelet: { older: 3, newer: 0 },
  'kube-proxy': { older: 3, newer: 0 },
  kubectl: { older: 1, newer: 1 },
} as const satisfies Record<string, Distance>;

/** A component whose distance from kube-apiserver is limited. */
export type SkewedComponent = keyof typeof SKEWS;

/** Whether a component's version may run beside this kube-apiserver, and if not, on which side it is off. */
export function skewOf(component: SkewedComponent, version: string, apiserver: string): 'allowed' | 'too-new' | 'too-old' {
  const apart = minorsApart(version, apiserver);
  if (apart > SKEWS[component].newer) return 'too-new';
  return -apart > SKEWS[component].older ? 'too-old' : 'allowed';
}

/** Minors of controller-manager and scheduler that may talk to a kube-apiserver of this minor, oldest first. */
export const minorsServedBy = (apiserver: Minor): Minor[] =>
  MINORS.filter((minor) => skewOf('kube-controller-manager', `${minor}.0`, `${apiserver}.0`) === 'allowed');
