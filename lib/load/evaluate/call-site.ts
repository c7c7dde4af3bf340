/** A captured call stack. V8 turns it into frames only when somebody asks for them, so capturing costs a microsecond. */
export interface Site {
  readonly stack?: unknown;
}

/** A line of a stack that lies in a given script; line and column count from 1. */
export interface Frame {
  readonly file: string;
  readonly functionName: string;
  readonly line: number;
  readonly column: number;
}

/** Enough for helper functions of a fleet around `defineCluster`; more would only make capturing slower. */
const DEPTH = 12;

/** Remembers who called `below`. */
export function captureSite(below: (...args: never[]) => unknown): Site {
  const limit = Error.stackTraceLimit;
  const site: Site = {};
  Error.stackTraceLimit = DEPTH;
  Error.captureStackTrace(site, below);
  Error.stackTraceLimit = limit;
  return site;
}

/**
 * The frames of a captured stack, or of anything that was thrown, innermost first; those of one script if it is named.
 * Empty when there are none to be had. A stack can be read once: what was left out is not remembered.
 */
export function framesOf(thrown: unknown, script?: string): readonly Frame[] {
  const before = Error.prepareStackTrace;
  const isWanted = (site: NodeJS.CallSite) => script === undefined || site.getFileName() === script;
  Error.prepareStackTrace = (_error, sites) => sites.filter(isWanted).map(frameOf);
  try {
    const stack = (thrown as Site | null | undefined)?.stack;
    if (typeof stack === 'string') return framesOfText(stack).filter(({ file }) => script === undefined || file === script);
    return Array.isArray(stack) ? stack.filter(isFrame) : [];
  } catch {
    return []; // an author's own `stack` that throws
  } finally {
    Error.prepareStackTrace = before;
  }
}

function frameOf(site: NodeJS.CallSite): Frame {
  return {
    file: site.getFileName() ?? '',
    functionName: site.getFunctionName() ?? '',
    line: site.getLineNumber() ?? 0,
    column: site.getColumnNumber() ?? 0,
  };
}

function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && 'file' in value && 'functionName' in value && 'column' in value;
}

/** A stack that was already read as text: lines such as `at name (file:12:3)` and `at file:12:3`. */
function framesOfText(stack: string): readonly Frame[] {
  const lines = stack.matchAll(/^ +at (?:(.*?) \()?([^()\n]+):(\d+):(\d+)\)?$/gm);
  return [...lines].map(([, functionName = '', file = '', line, column]) =>
    ({ file, functionName, line: Number(line), column: Number(column) }));
}
