import { didYouMean } from '../validate/suggest.ts';

/** ` Did you mean x?`, or the names there are. */
export function nearestNames(name: string, known: readonly { readonly name: string }[]): string {
  const names = known.map((one) => one.name);
  const guess = didYouMean(name, names);
  return guess === '' ? ` There are: ${names.join(', ')}.` : ` ${guess.trim()}`;
}
