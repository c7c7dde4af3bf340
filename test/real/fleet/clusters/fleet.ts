import { defineFleet, yamlFile } from 'kubewright';
import { extended } from './addons/clusters.ts';
import { joining } from './join/clusters.ts';
import { lab } from './lab/meta.ts';
import { life } from './life/cluster.ts';
import { minimal } from './minimal/cluster.ts';
import { multus } from './multus/cluster.ts';
import { standard } from './standard/cluster.ts';
import { steps } from './steps/cluster.ts';
import { tunnels } from './tunnels/clusters.ts';

/** What the stories are told about. They work on a copy, into which the run puts the sealing certificate and the keystore's recipients. */
export const fleet = defineFleet({
  name: 'stories',
  metaClusters: [lab],
  clusters: [minimal, standard, life, steps, multus, ...tunnels, ...joining, ...extended],
  sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: yamlFile<string[]>('./recipients.yaml') },
});
