import { removeControlPlane } from '../clusters/control-plane.ts';
import type { Story } from '../story.ts';
import { comeUp } from './standard/come-up.ts';

/** Three hosts for three of each; `faults` begins with the same. */
export const story: Story = {
  name: 'standard',
  shows: 'a standard control plane has a member of its etcd and an API server on each of three hosts',
  byNameOnly: true,
  tell: async (lab) => removeControlPlane(lab.meta, await comeUp(lab)),
};
