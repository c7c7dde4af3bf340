import type { Delivered } from './begin.ts';

/** Pushes everything as it is, and tells the tool; gives the commit. */
export async function push({ repository, tool }: Pick<Delivered, 'repository' | 'tool'>, message: string): Promise<string> {
  const commit = await repository.push(message);
  await tool.tell(commit);
  return commit;
}
