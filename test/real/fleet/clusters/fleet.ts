import { defineFleet, yamlFile } from 'kubewright';
import { extended } from './addons/clusters.ts';
import { gated } from './gateway/clusters.ts';
import { ipvs } from './ipvs/cluster.ts';
import { joining } from './join/clusters.ts';
import { lab } from './lab/meta.ts';
import { life } from './life/cluster.ts';
import { minimal } from './minimal/cluster.ts';
import { multus } from './multus/cluster.ts';
import { standard } from './standard/cluster.ts';
import { steps } from './steps/cluster.ts';
import { storage } from './storage/cluster.ts';
import { tunnels } from './tunnels/clusters.ts';
import { ways } from './ways/clusters.ts';

/** Clusters of stories that are not told this time. */
const leftOut = yamlFile<string[]>('./left-out.yaml');

/** What the stories are told about. They work on a copy, into which the run puts the sealing certificate, the keystore's recipients, and what is left out. */
export const fleet = defineFleet({
  name: 'stories',
  metaClusters: [lab],
  clusters: [minimal, standard, life, steps, multus, storage, ipvs, ...gated, ...ways, ...tunnels, ...joining, ...extended].filter(({ name }) => !leftOut.includes(name)),
  sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: yamlFile<string[]>('./recipients.yaml') },
});
