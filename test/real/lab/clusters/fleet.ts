import { defineFleet, yamlFile } from 'kubewright';
import { SHARED_HOST } from './shared-host.ts';
import { fleet as committed } from './committed.ts';

const cluster = committed.clusters.find(({ mode, state }) => mode === 'minimal' && state !== 'hibernated');
const meta = committed.metaClusters.find(({ name }) => name === cluster?.meta);
if (cluster === undefined || meta === undefined) throw new Error('The fleet has no minimal cluster that is awake: the lab has one machine, and room for one of everything.');

/**
 * The smallest cluster of a fleet as it is committed, in its own meta cluster, of which one machine is left. That machine
 * has the cluster's address. No registry is asked, so no mirror is either.
 */
export const fleet = defineFleet({
  name: 'lab',
  metaClusters: [{
    ...meta,
    endpoint: { host: meta.endpoint.host },
    controlPlane: [{ name: 'lab-1', address: cluster.endpoint.address ?? meta.controlPlane[0]?.address ?? '', taints: [] }],
    workers: [],
    kubelet: { ...meta.kubelet, ...SHARED_HOST },
    kubeProxy: { ...meta.kubeProxy, conntrack: { maxPerCore: 0 } },
  }],
  clusters: [cluster],
  sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: yamlFile<string[]>('./recipients.yaml') },
});
