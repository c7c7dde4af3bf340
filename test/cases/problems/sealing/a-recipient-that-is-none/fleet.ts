import { defineFleet } from 'kubewright';
import { meta } from './meta.ts';

export const fleet = defineFleet({
  name: 'cases', metaClusters: [meta], clusters: [],
  sealing: { recipients: ['age1p4g387vgy4pz6rtnnp0vmgu06nkhn4cpz7sfv05lj653lekh49usu6gws7', 'age1p4g387vgy4pz6rtnnp0vmgu06nkhn4cpz7sfv05lj653lekh49usu6gws8'] },
  delivery: { tool: 'flux', repository: 'https://git.example.com/platform/clusters.git', branch: 'main', flux: { decryption: 'sops-age' } },
});
