import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

const prod = {}.address.length;
export const fleet = defineFleet({ name: 'cases', metaClusters: [meta], clusters: [prod], sealing: { certificate: 'sealing.pem' } });
