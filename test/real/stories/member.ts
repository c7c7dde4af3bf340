import { applyControlPlane, readyReport, removeControlPlane, secretsOpened } from '../clusters/control-plane.ts';
import type { Story } from '../story.ts';
import { anything, under } from './faults/under.ts';
import { LOST, loseMember, replaceNobody } from './member/lost.ts';

/** One of the things that `faults` tells, for who works on it. */
export const story: Story = {
  name: 'member',
  shows: 'a member of etcd that lost its data is replaced under writes: no acknowledged write is lost, and nobody else restarts',
  byNameOnly: true,
  tell: async (lab) => {
    const { meta } = lab;
    const plane = await applyControlPlane(meta, 'standard');
    await readyReport(plane, meta);
    await secretsOpened(plane, meta);
    await under(lab, plane, [[LOST, anything, (writer) => loseMember(lab, plane, writer)]]);
    await replaceNobody(lab, plane);
    await removeControlPlane(meta, plane);
  },
};
