import { applyControlPlane, removeControlPlane } from '../clusters/control-plane.ts';
import type { Story } from '../story.ts';
import { checkComeUp } from './minimal/come-up.ts';

const NAME = 'minimal-v1-34';

/** Alone on its machines: its seconds are those of a minimal control plane. */
export const story: Story = {
  name: 'minimal',
  shows: 'a minimal control plane becomes ready, elects its leaders and knows its administrator',
  tell: async (lab) => {
    const plane = await applyControlPlane(lab.meta, NAME);
    await checkComeUp(lab, plane);
    await removeControlPlane(lab.meta, plane);
  },
};
