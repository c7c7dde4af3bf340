import { defineCluster, type ClusterDefinition } from 'kubewright';
import { SHARED_HOST } from './shared-host.ts';

/** Arguments of two components that come in different stages. */
interface Tuned {
  readonly requests: string;
  readonly jobs: string;
}

type Given = Required<Pick<ClusterDefinition, 'name' | 'kubernetes' | 'state'>> & {
  readonly nodePort: number;
  readonly pods: string;
  readonly services: string;
  readonly tuned: Tuned;
  readonly apiserver?: NonNullable<ClusterDefinition['components']>['apiserver'];
  /** What becomes of its etcd in the end. */
  readonly kept: Pick<NonNullable<ClusterDefinition['etcd']>, 'backup' | 'withoutFinalSnapshot'>;
};

/** Little enough of everything that two control planes fit on one machine. */
const SMALL = { requests: { cpu: '50m', memory: '128Mi' } };

/** Whoever writes is noted, so that a tool that writes what is there already is seen. */
const WRITES: ClusterDefinition['audit'] = {
  policy: { omitStages: ['RequestReceived'], rules: [{ level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] }, { level: 'None' }] },
  log: { to: 'stdout' },
};

/** The smallest cluster that keeps its etcd on a volume, and takes machines whose Pods are routed to. */
const small = ({ name, kubernetes, state, nodePort, pods, services, tuned, apiserver, kept }: Given): ClusterDefinition => defineCluster({
  name,
  meta: 'hub',
  kubernetes,
  state,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, address: '10.238.0.11', expose: { type: 'nodePort', nodePort } },
  network: { pods, services, cni: { type: 'routes' }, kubeProxy: { configuration: { conntrack: { maxPerCore: 0 } } } },
  nodes: { access: { type: 'direct' }, kubelet: SHARED_HOST },
  metricsServer: { enabled: false },
  etcd: { storage: { claimTemplate: { storageClass: 'local', size: '2Gi' } }, quota: '512Mi', resources: SMALL, ...kept },
  audit: WRITES,
  components: {
    apiserver: { ...apiserver, resources: SMALL, drainSeconds: 2, args: { 'max-requests-inflight': tuned.requests } },
    controllerManager: { resources: SMALL, args: { 'concurrent-job-syncs': tuned.jobs } },
    scheduler: { resources: SMALL },
  },
});

const NOW: Tuned = { requests: '400', jobs: '5' };
const LATER: Tuned = { requests: '500', jobs: '6' };
/** The API server ends at once with such a number, and what follows it is to wait. */
const BROKEN: Tuned = { requests: '-1', jobs: '7' };

const OF_ALDER = { NOW, LATER, BROKEN }.NOW;

/** Its snapshots stay in the meta cluster. No schedule comes while a story is told. */
const BACKUP = { schedule: '0 0 1 1 *', to: { persistentVolumeClaim: { storageClass: 'local', size: '1Gi' } } };

const alder = small({
  name: 'alder', kubernetes: '1.34.4', state: 'running', nodePort: 30041, pods: '10.232.0.0/16', services: '10.233.0.0/20', tuned: OF_ALDER,
  kept: { backup: BACKUP },
});
/** An autoscaler says how many API servers it has, and nobody else. */
const birch = small({
  name: 'birch', kubernetes: '1.35.4', state: 'running', nodePort: 30042, pods: '10.234.0.0/16', services: '10.235.0.0/20', tuned: NOW,
  apiserver: { autoscale: { min: 2, max: 3 } }, kept: { withoutFinalSnapshot: 'made for a story' },
});

export const clusters = [alder, birch];
