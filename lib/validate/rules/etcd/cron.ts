/** A field of a cron schedule: its name, its least and greatest value, and the words that stand for values. */
const FIELDS = [
  { name: 'minute', least: 0, greatest: 59, words: [] },
  { name: 'hour', least: 0, greatest: 23, words: [] },
  { name: 'day of the month', least: 1, greatest: 31, words: [] },
  { name: 'month', least: 1, greatest: 12, words: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'day of the week', least: 0, greatest: 6, words: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
] as const;

type Field = (typeof FIELDS)[number];

/** What is wrong with a schedule of a CronJob, as the end of a sentence; null when it is right. */
export function cronFault(schedule: string): string | null {
  const texts = schedule.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) return `has ${texts.length} fields, not five`;
  const wrong = FIELDS.find((field, index) => !texts[index]?.split(',').every((part) => fits(part, field)));
  return wrong === undefined ? null : `has no ${wrong.name} from ${wrong.least} to ${wrong.greatest} in its ${wrong.name} field`;
}

/** One part: `*`, `5`, `1-5`, each with `/step`. */
function fits(part: string, field: Field): boolean {
  const [span = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9][0-9]*$/.test(step))) return false;
  if (span === '*' || span === '?') return true;
  const ends = span.split('-').map((text) => valueOf(text, field));
  const [first = Number.NaN, last = first] = ends;
  return ends.length <= 2 && first >= field.least && last <= field.greatest && first <= last;
}

function valueOf(text: string, { words, least }: Field): number {
  const index = (words as readonly string[]).indexOf(text.toLowerCase());
  if (index >= 0) return index + least;
  return /^[0-9]{1,2}$/.test(text) ? Number(text) : Number.NaN;
}
