import { InvalidArgumentError } from 'commander';
import { durationSeconds } from '../units.ts';

const LONGEST_DAYS = 7;

/** Reads a duration of seven days at most as seconds. `danger` is why it is no longer. */
export const lifetime = (danger: string) => (text: string): number => {
  const seconds = durationSeconds(text.replace(/^-/, ''));
  if (Number.isNaN(seconds)) throw new InvalidArgumentError('Write a number and one of s, m, h or d: 90m, 2h, 1d.');
  if (text.startsWith('-') || seconds < 1) throw new InvalidArgumentError('It would have ended before anything could use it.');
  if (seconds > LONGEST_DAYS * 86_400) throw new InvalidArgumentError(`At most ${LONGEST_DAYS}d: ${danger}`);
  return seconds;
};

/** Reads the URL of an API server. */
export function serverUrl(text: string): URL {
  if (!URL.canParse(text) || !text.startsWith('https://')) throw new InvalidArgumentError('Write a URL: https://127.0.0.1:6443.');
  return new URL(text);
}
