import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

/** Both are right, and nothing was built of them yet. */
export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta, meta], clusters: [], sealing: { certificate: 'sealing.pem' },
});
