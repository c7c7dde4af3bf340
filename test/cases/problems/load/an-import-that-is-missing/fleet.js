import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';
import { prod } from './prod/cluster.ts';

export const fleet = defineFleet({ name: 'cases', metaClusters: [meta], clusters: [prod], sealing: { certificate: 'sealing.pem' } });
