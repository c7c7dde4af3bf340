/** Between two looks, in milliseconds: a look that takes long leaves twice that time to what it waits for. */
const [SHORTEST, LONGEST] = [200, 3000];

/** Waits for a condition, and gives the seconds it took. When the limit passes, the error says what `explain` finds. */
export async function until(what: string, limitSeconds: number, holds: () => Promise<boolean>, explain: () => Promise<string> | string): Promise<number> {
  const start = Date.now();
  let trouble = '';
  for (;;) {
    const begin = Date.now();
    const answer = await holds().catch((problem: unknown) => {
      trouble = problem instanceof Error ? problem.message : String(problem);
      return false;
    });
    if (answer) return secondsSince(start);
    if (secondsSince(start) > limitSeconds) {
      throw new Error([`Not within ${limitSeconds} seconds: ${what}.`, trouble, await explain()].filter(Boolean).join('\n'));
    }
    await new Promise((next) => setTimeout(next, Math.min(Math.max(SHORTEST, 2 * (Date.now() - begin)), LONGEST)));
  }
}

/** Seconds since a moment of `Date.now()`, to a tenth. */
export const secondsSince = (start: number): number => Math.round((Date.now() - start) / 100) / 10;
