import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({ name: 'cases', metaClusters: [meta], clusters: [], sealing: { certificate: 'controller' } });
