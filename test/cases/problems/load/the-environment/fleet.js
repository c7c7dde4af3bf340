import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({ name: process.env.FLEET, metaClusters: [meta], clusters: [], sealing: { certificate: 'sealing.pem' } });
