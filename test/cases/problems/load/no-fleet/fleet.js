import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleets = [defineFleet({ name: 'cases', metaClusters: [meta], clusters: [], sealing: { certificate: 'sealing.pem' } })];
