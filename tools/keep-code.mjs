import { writeFileSync } from 'node:fs';
import { CODE, script } from '../build/kubewright.cjs';

/** Runs the program with the arguments that are given, and keeps the code of all that was needed for it. */
process.on('exit', () => writeFileSync(CODE, script.createCachedData()));
