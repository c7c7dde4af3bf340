import { defineFleet, yamlFile } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({ name: 'cases', metaClusters: [meta], clusters: yamlFile('./clusters.yaml'), sealing: { certificate: 'sealing.pem' } });
