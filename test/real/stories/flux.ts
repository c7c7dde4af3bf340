import { layDelivered } from '../fleet.ts';
import type { Story } from '../story.ts';
import { tellDelivery } from './delivery/tell.ts';

export const story: Story = {
  name: 'flux',
  shows: 'Flux brings a fleet from a git repository, in order, keeps it so, loses nothing by mistake, and removes a cluster in two commits',
  machines: 'own',
  byNameOnly: true,
  modules: ['kustomize-controller'],
  fleet: layDelivered('flux'),
  tell: (desk) => tellDelivery(desk, 'flux'),
};
