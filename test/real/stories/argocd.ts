import { layDelivered } from '../fleet.ts';
import type { Story } from '../story.ts';
import { tellDelivery } from './delivery/tell.ts';

export const story: Story = {
  name: 'argocd',
  shows: 'Argo CD brings a fleet from a git repository, in order, keeps it so, loses nothing by mistake, and removes a cluster in two commits',
  machines: 'own',
  byNameOnly: true,
  modules: ['argocd'],
  fleet: layDelivered('argocd'),
  tell: (desk) => tellDelivery(desk, 'argocd'),
};
