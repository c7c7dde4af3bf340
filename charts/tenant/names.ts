import { MANAGED_BY } from '../../lib/model/names.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';

/** Namespaces that every API server makes by itself. */
export const KUBE_SYSTEM = 'kube-system';
export const KUBE_PUBLIC = 'kube-public';

/** The group of bootstrap tokens by which kubeadm lets machines join. */
export const BOOTSTRAPPERS = 'system:bootstrappers:kubeadm:default-node-token';

/** Labels of an object in the tenant: those by which kubeadm and people look for it, and who made it. */
export const tenantLabels = (own: Readonly<Record<string, string>> = {}): Record<string, string> => ({ ...own, ...MANAGED_BY });

/** Where nodes, and what runs on them before there are Services, reach the API server. */
export const apiUrl = ({ endpoint }: ResolvedCluster): string => `https://${endpoint.host}:${endpoint.port}`;
