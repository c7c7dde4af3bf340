import type { DeliveryTool } from '../../clusters/delivery/tool.ts';
import type { Desk } from '../../story.ts';
import { begin } from './begin.ts';
import { changeInOrder, stopAtBroken } from './change.ts';
import { decommission } from './decommission.ts';
import { heal } from './heal.ts';
import { hibernate } from './hibernate.ts';
import { idle } from './idle.ts';
import { loseNothing } from './nothing-lost.ts';

/** What both tools are asked to do with the same commits. */
export async function tellDelivery(desk: Desk, tool: DeliveryTool['name']): Promise<void> {
  const delivered = await begin(desk, tool);
  await changeInOrder(delivered);
  await stopAtBroken(delivered);
  const commit = (await delivered.repository.git('rev-parse', 'HEAD')).trim();
  await heal(delivered, commit);
  await idle(delivered, commit);
  await loseNothing(delivered);
  await hibernate(delivered);
  await decommission(delivered);
  await delivered.end();
}
