import { defineCluster, type ClusterDefinition } from 'kubewright';
import { SHARED_HOST } from './shared-host.ts';

/** Arguments of two components that come in different stages. */
interface Tuned {
  readonly requests: string;
  readonly jobs: string;
}

type Given = Required<Pick<ClusterDefinition, 'name' | 'kubernetes' | 'state'>> & { readonly nodePort: number; readonly pods: string; readonly services: string; readonly tuned: Tuned };

/** The smallest cluster that keeps its etcd on a volume, and takes machines whose Pods are routed to. */
const small = ({ name, kubernetes, state, nodePort, pods, services, tuned }: Given): ClusterDefinition => defineCluster({
  name,
  meta: 'hub',
  kubernetes,
  state,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, address: '10.238.0.11', expose: { type: 'nodePort', nodePort } },
  network: { pods, services, cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } } },
  nodes: { access: { type: 'direct' }, kubelet: SHARED_HOST },
  metricsServer: { enabled: false },
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, quota: '512Mi', withoutFinalSnapshot: 'made for a story' },
  components: {
    apiserver: { drainSeconds: 2, args: { 'max-requests-inflight': tuned.requests } },
    controllerManager: { args: { 'concurrent-job-syncs': tuned.jobs } },
  },
});

const NOW: Tuned = { requests: '400', jobs: '5' };
const LATER: Tuned = { requests: '500', jobs: '6' };
/** The API server ends at once with such a number, and what follows it is to wait. */
const BROKEN: Tuned = { requests: '-1', jobs: '7' };

const OF_ALDER = { NOW, LATER, BROKEN }.NOW;

const alder = small({ name: 'alder', kubernetes: '1.34.4', state: 'running', nodePort: 30041, pods: '10.232.0.0/16', services: '10.233.0.0/20', tuned: OF_ALDER });
const birch = small({ name: 'birch', kubernetes: '1.35.4', state: 'running', nodePort: 30042, pods: '10.234.0.0/16', services: '10.235.0.0/20', tuned: NOW });

export const clusters = [alder, birch];
