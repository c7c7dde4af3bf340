import { writeDist } from '../../lib/emit/write.ts';
import { fleetOf } from './fleet.ts';

/** A process that builds one fleet and then the other, for ever, until it is killed; or builds once and prints the result. */
const [root = '', mode = ''] = process.argv.slice(2);
if (mode === 'once') {
  console.log(JSON.stringify(await writeDist(root, fleetOf('new'))));
} else {
  console.log('ready');
  for (;;) {
    await writeDist(root, fleetOf('new'));
    await writeDist(root, fleetOf('old'));
  }
}
