import { deepEqual } from 'node:assert/strict';
import { settles } from '../../clusters/delivery/tool.ts';
import { secondsSince } from '../../host/until.ts';
import type { Delivered } from './begin.ts';
import { writesOf } from './writes.ts';

/** As often as the tool is asked to look at everything again. A field that two write would move at each look. */
const LOOKS = 5;

/** While nothing is pushed and nobody works by hand, the tool writes to nothing of the meta cluster but its own objects, however often it looks. */
export async function idle(delivered: Delivered, commit: string): Promise<void> {
  const { meta, tool, say, figure } = delivered;
  const since = Date.now();
  for (let look = 0; look < LOOKS; look++) {
    await tool.look();
    await settles(tool, commit);
  }
  const seconds = secondsSince(since);
  const writes = writesOf(meta, tool.agent, since).map(({ verb, object }) => `${verb} ${object}`);
  const own = writes.filter((write) => write.includes(` ${tool.namespace}/`));
  deepEqual(writes.filter((write) => !own.includes(write)), [], `writes of ${tool.name} in ${seconds} idle seconds`);
  figure(tool.name, `writes to its own objects, ${LOOKS} looks at everything`, own.length);
  say(`in ${seconds} idle seconds it looked ${LOOKS} times at everything, wrote nothing into the meta cluster, and found nothing that differs`);
}
