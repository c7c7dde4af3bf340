import { defineFleet } from 'kubewright';
import { batch } from './batch/cluster.ts';
import { billingLegacy } from './billing-legacy/cluster.ts';
import { hangzhouMeta } from './hangzhou-meta/meta.ts';
import { paymentsProd } from './payments-prod/cluster.ts';
import { sandbox } from './sandbox/cluster.ts';
import { searchProd } from './search-prod/cluster.ts';

/** One meta cluster and the five clusters whose control planes it hosts. Start with `sandbox`: it is the smallest. */
export const fleet = defineFleet({
  name: 'east',
  metaClusters: [hangzhouMeta],
  clusters: [sandbox, paymentsProd, searchProd, batch, billingLegacy],
  images: { mirrors: { 'registry.k8s.io': 'mirror.example.com/k8s' } },
  // The keys behind these two exist nowhere: this fleet is to be read, not to be run. Put your own here.
  sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: ['age1h2emuap7shdf5ncr7wczalw7z6k5rzg5svqp6239thns3dgdda4sa8nfpd'] },
});
