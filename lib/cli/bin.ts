#!/usr/bin/env node
import { main } from './main.ts';

/** Anything that gets here is our own mistake: say so, without the noise of a stack unless it is asked for. */
function crash(cause: unknown): number {
  const message = cause instanceof Error ? cause.message : String(cause);
  process.stderr.write(`kubewright failed by a mistake of its own: ${message}\nPlease report it. Nothing in dist/ was changed. KUBEWRIGHT_TRACE=1 prints where it happened.\n`);
  if (process.env['KUBEWRIGHT_TRACE'] === '1' && cause instanceof Error) process.stderr.write(`${cause.stack}\n`);
  return 1;
}

/** `kubewright explain x | head` closes the pipe early, which is no mistake of anybody. */
process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  if (cause.code !== 'EPIPE') throw cause;
  process.exit();
});

void main(process.argv.slice(2)).catch(crash).then((code) => { process.exitCode = code; });
