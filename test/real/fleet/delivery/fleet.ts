import { defineFleet, yamlFile } from 'kubewright';
import { clusters } from './clusters.ts';
import { hub } from './hub.ts';

/** What is delivered from a git repository. Both stories take it, and each puts its own tool in here. */
export const fleet = defineFleet({
  name: 'delivered',
  metaClusters: [hub],
  clusters: [...clusters],
  delivery: { tool: 'both', repository: 'http://10.238.0.11:8418/fleet.git', branch: 'main' },
  sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: yamlFile<string[]>('./recipients.yaml') },
});
