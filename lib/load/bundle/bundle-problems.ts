import type { Location as EsbuildLocation, Message } from 'esbuild';
import type { Place, Problem } from '../../problem.ts';
import { placeAt } from '../locate/places.ts';

/** What esbuild could not understand or find, as problems. What it has no place for is one of the entry file. */
export function problemsOfMessages(messages: readonly Message[], entry: string): readonly Problem[] {
  return messages.map((message) => (isMissingImport(message) ? missingImport(message, entry) : syntax(message, entry)));
}

/** What esbuild finds odd in an author's own files, such as a key that is written twice. */
export function warningsOfMessages(messages: readonly Message[], entry: string): readonly Problem[] {
  const own = messages.filter((message) => !(message.location?.file ?? '').includes('node_modules/'));
  return own.map((message) => ({
    code: 'load/suspicious', severity: 'warning', at: placeOf(message.location, entry),
    what: sentence(message.text),
    why: 'it is allowed, and seldom what was meant.',
    fix: hintOf(message) ?? 'say it another way, or take it out.',
  }));
}

function isMissingImport(message: Message): boolean {
  return /^(Could not resolve|No matching export|Could not read from file|No loader is configured|Cannot import)/.test(message.text);
}

function missingImport(message: Message, entry: string): Problem {
  return {
    code: 'load/import-missing', severity: 'error', at: placeOf(message.location, entry),
    what: sentence(message.text.replace(/ in "[^"]*bundle\.[tj]s"/, ' in "kubewright"')),
    why: 'the definition needs what it imports.',
    fix: fixOfImport(message),
  };
}

function fixOfImport(message: Message): string {
  if (/\.ya?ml"/.test(message.text)) return "read it with yamlFile('./file.yaml') from 'kubewright'.";
  const [, path = ''] = /^Could not resolve "([^"]*)"/.exec(message.text) ?? [];
  if (path === '') return hintOf(message) ?? 'import a name that the file exports.';
  if (/^[./]/.test(path)) return 'check the path; it is relative to the importing file.';
  return `run \`npm install ${path}\`, or check the name.`;
}

function syntax(message: Message, entry: string): Problem {
  return {
    code: 'load/syntax', severity: 'error', at: placeOf(message.location, entry),
    what: sentence(message.text),
    why: 'the file is not TypeScript, and none of its clusters can be read.',
    fix: fixOfSyntax(message),
  };
}

/** esbuild's own note is best; else the mistakes that are made most. */
function fixOfSyntax(message: Message): string {
  const hint = hintOf(message);
  if (hint !== null) return hint;
  if (/Top-level await/.test(message.text)) return 'take the `await` out: a definition waits for nothing.';
  if (/end of file/.test(message.text)) return 'close what is open: a brace, a bracket or a quote is missing before the end of the file.';
  if (/Unterminated/.test(message.text)) return 'close the text or the comment that begins here.';
  if (/Expected "[,;})\]]"/.test(message.text)) return 'look just before this place: most often a comma, a brace or a quote is missing there.';
  return 'mend the line; an editor with TypeScript shows the same error.';
}

function hintOf(message: Message): string | null {
  // A note that ends with a colon only points at another place.
  const [note] = message.notes.filter(({ text }) => text !== '' && !/:$|mark the path|plugin|esbuild|"node_modules"/.test(text));
  return note === undefined ? null : sentence(note.text);
}

function sentence(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, ' ').trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** esbuild counts columns in bytes, from 0. */
function placeOf(location: EsbuildLocation | null, entry: string): Place {
  if (location === null) return { of: entry, path: '' };
  const before = Buffer.from(location.lineText, 'utf8').subarray(0, location.column).toString('utf8');
  return placeAt({ file: location.file, line: location.line, column: before.length + 1 });
}
