/** What the command line of the stories asks for. */
export interface Asked {
  /** Names, in the order in which they are told. */
  readonly stories: readonly string[];
  /** Machines and control planes are left running, for a look inside. */
  readonly keep: boolean;
  /** Debian packages that are missing are installed first. */
  readonly install: boolean;
}

/** The command line asks for something that is not there. Nothing was started. */
export class UsageError extends Error {}

const FLAGS = ['--keep', '--install'];

/** Reads the words after `npm run test:real --`; without a name, every story is meant but those that are told by name only. */
export function readWords(words: readonly string[], known: readonly string[], byNameOnly: readonly string[] = []): Asked {
  const [flags, names] = [words.filter((word) => word.startsWith('-')), words.filter((word) => !word.startsWith('-'))];
  const strange = flags.filter((flag) => !FLAGS.includes(flag));
  if (strange.length > 0) throw new UsageError(`There is no flag ${strange.join(', ')}; there are ${FLAGS.join(' and ')}.`);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new UsageError(`There is no story ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  return { stories: names.length === 0 ? known.filter((name) => !byNameOnly.includes(name)) : names, keep: flags.includes('--keep'), install: flags.includes('--install') };
}
