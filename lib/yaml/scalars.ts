/**
 * How a text is written so that every YAML parser reads the same text back: YAML 1.1, YAML 1.2 and the go-yaml fork
 * that Kubernetes uses. A plain scalar must look like nothing else to any of them; the rest is quoted.
 */

/** Printable ASCII that starts like a word, a path, a `$(VARIABLE)` or a flag, without `: `, ` #` or a double space. `e1` is a number to some. */
const PLAIN = /^(?!-?[eE][-+]?[0-9]+$)(?:[A-Za-z/$]|--?[A-Za-z])(?:[!-9;-~]|:(?=[!-~])| (?=[!"$-~]))*$/;

/** What `PLAIN` is for most texts, in a form that is decided at the first look at each character. */
const PLAIN_WORD = /^(?:[A-DF-Za-df-z/$]|--?[A-DF-Za-df-z])[!-9;-~]*$/;

/** Words that some parser reads as a boolean, a null or a number. */
const KEYWORD = /^(?:y|n|yes|no|on|off|true|false|null|-?-?(?:nan|inf|infinity))$/i;
const LONGEST_KEYWORD = '--infinity'.length;

/** Quantities, durations and IPv4 addresses start with a digit, yet no parser takes them for a number or a date. */
const PLAIN_WITH_DIGIT = /^(?:[0-9]{1,9}(?:ms|[smhd]|[KMGTP]i)|[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:\/[0-9]{1,2})?)$/;

/**
 * Characters that must be escaped: those YAML forbids or treats as a line break, and those a reviewer cannot see
 * (directional marks, zero-width and tag characters), because a diff must show what it holds.
 */
const HIDDEN =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufeff\uffa0\ufff0-\uffff\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]/u;
/** Texts of printable ASCII hide nothing, and nearly all are. */
const NOT_ASCII = /[^\n -~]/;
const HIDDEN_EVERYWHERE = new RegExp(HIDDEN, 'gu');

/** With the `u` flag this matches a surrogate only when it has no partner. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/** A first line that begins with white space hides the indentation of the block. */
const UNSAFE_BLOCK_START = /^\n*(?:[ \t]|$)/;

/** Parsers accept an implicit key of at most 1,024 bytes, and a code unit needs at most three. */
const LONGEST_IMPLICIT_KEY = 340;

/** True when the text cannot be stored as UTF-8, so that no YAML file can hold it. */
export function hasLoneSurrogate(text: string): boolean {
  return NOT_ASCII.test(text) && LONE_SURROGATE.test(text);
}

/** Writes a text as a value. A block literal puts `pad` before each of its lines, and ends with a line break of its own. */
export function writeText(text: string, pad: string): string {
  if (isPlain(text)) return text;
  const mark = blockMark(text);
  return mark === null ? writeQuoted(text) : writeBlock(text, mark, pad);
}

/** How the block literal of a text begins, which says what becomes of the line breaks at its end; null for a text that is quoted. */
export function blockMark(text: string): '|' | '|-' | '|+' | null {
  if (!text.includes('\n') || !isSafeBlock(text)) return null;
  if (!text.endsWith('\n')) return '|-';
  return text.endsWith('\n\n') ? '|+' : '|';
}

/** Writes a text as a mapping key with its colon: `name:`, or `? <key>` and a colon on a line of its own when it is long. */
export function writeKey(key: string, pad: string): string {
  const text = isPlain(key) ? key : writeQuoted(key);
  return text.length > LONGEST_IMPLICIT_KEY ? `? ${text}\n${pad}:` : `${text}:`;
}

/** Whether a text is written as it stands, without quotes. */
export function isPlain(text: string): boolean {
  if (PLAIN_WORD.test(text) || PLAIN.test(text)) return text.length > LONGEST_KEYWORD || !KEYWORD.test(text);
  return PLAIN_WITH_DIGIT.test(text);
}

function isSafeBlock(text: string): boolean {
  return !UNSAFE_BLOCK_START.test(text) && !isHiding(text) && !endsInWhiteSpace(text);
}

const isHiding = (text: string): boolean => NOT_ASCII.test(text) && HIDDEN.test(text);

/** Parsers disagree about lines of white space at the end of a block. */
function endsInWhiteSpace(text: string): boolean {
  let end = text.length;
  while (text.charAt(end - 1) === '\n') end -= 1;
  const last = text.slice(text.lastIndexOf('\n', end - 1) + 1, end);
  return last !== '' && last.trim() === '';
}

function writeBlock(text: string, mark: string, pad: string): string {
  const body = (text.startsWith('\n') ? '' : pad) + text.replace(/\n(?=[^\n])/g, `\n${pad}`);
  return mark === '|-' ? `|-\n${body}\n` : `${mark}\n${body}`;
}

/** Double quotes, except where escapes would make JSON and the like hard to read. */
function writeQuoted(text: string): string {
  const readable = !isHiding(text) && !/[\n\t]/.test(text);
  if (readable && /["\\]/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  const quoted = JSON.stringify(text);
  return readable ? quoted : quoted.replace(HIDDEN_EVERYWHERE, escapeCharacter);
}

/** YAML has no surrogate pairs: a character beyond the first plane takes eight digits. */
function escapeCharacter(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}
