import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument } from 'yaml';
import { captureSite, framesOf } from './call-site.ts';
import { DefinitionError } from './definition-error.ts';

/**
 * The plain data of a YAML file beside the calling file: `policy: yamlFile('./audit-policy.yaml')`.
 * Its type is that of the field it is written to; validation holds it to that.
 */
export function yamlFile<T>(path: string): T {
  const caller = framesOf(captureSite(yamlFile))[0]?.file ?? '';
  const folder = dirname(caller.startsWith('file:') ? fileURLToPath(caller) : caller);
  return parseYaml(readFileSync(resolve(folder, path), 'utf8'), path) as T;
}

/** The data of YAML text. Throws what a definition's author can mend, with the line in the YAML file. */
export function parseYaml(text: string, path: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [fault] = document.errors;
  if (fault === undefined) return toPlain(() => document.toJS() as unknown, path);

  const { line, col } = lineCounter.linePos(fault.pos[0]);
  throw notYaml(`${path}:${line}:${col}`, fault.message);
}

/** An alias that leads nowhere, or a bomb of aliases, shows only here. */
function toPlain(read: () => unknown, path: string): unknown {
  try {
    return read();
  } catch (error) {
    throw notYaml(path, error instanceof Error ? error.message : String(error));
  }
}

/** What is said of a file that cannot be used. */
export function notYaml(where: string, message: string): DefinitionError {
  return new DefinitionError({
    code: 'load/yaml',
    what: `${where} is not YAML that can be used: ${message.split('\n')[0] ?? ''}.`.replace(/\.\.$/, '.'),
    why: 'the definition is made from this file.',
    fix: 'mend the file there.',
  });
}
