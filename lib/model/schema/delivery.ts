import { dnsLabel, dnsName, object, oneOfTexts, text, type Schema } from './fields.ts';

/** How what is committed in `dist/` reaches the clusters. */
export const DELIVERY_DEFINITIONS: Record<string, Schema> = {
  Delivery: object('Who applies `dist/`. Without it `dist/` holds no objects of Argo CD or Flux.', {
    tool: oneOfTexts('`both` is for those who move from one to the other: only one of them may run at a time.', ['argocd', 'flux', 'both']),
    repository: text('Where the tool clones the repository with `dist/` from, without credentials: `https://git.example.com/clusters.git`, or `ssh://…`.'),
    branch: text('The branch that is followed.'),
    path: text('Where `dist/` is in the repository: `dist` when absent, `.` for the top.'),
    argocd: object('Where Argo CD is in each meta cluster.', { namespace: dnsLabel('Its namespace; `argocd` when absent.') }),
    flux: object('Where Flux is in each meta cluster.', {
      namespace: dnsLabel('Namespace of its objects; `flux-system` when absent.'),
      credentials: dnsName('Secret there with which the repository is cloned. You bring it; a public repository needs none.'),
      decryption: dnsName('Secret there with the age identity (a key that ends in `.agekey`) by which Flux opens what SOPS encrypted. You bring it; with `sealing.recipients` only.'),
    }),
  }, ['tool', 'repository', 'branch']),
  ClusterDelivery: object('How this cluster is delivered.', {
    suspended: text('Why nothing of this cluster is applied for now. What runs goes on as it is; take it out to go on.', { minLength: 1 }),
  }),
};
