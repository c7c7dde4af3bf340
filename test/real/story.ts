import type { MetaCluster } from './meta.ts';

/** Something that is seen to work on real components. One file in `stories/` each, which exports it as `story`. */
export type Story = About & (
  | { readonly machines?: true; readonly tell: (lab: Lab) => Promise<void> }
  /** It starts what it needs by itself, as plain processes: no root, and no machine is made for it. */
  | { readonly machines: false; readonly tell: (desk: Desk) => Promise<void> }
);

interface About {
  readonly name: string;
  /** What is true when it ends well, in a sentence. */
  readonly shows: string;
}

/** What every story is told with. */
export interface Desk {
  /** Prints a line below the story's name, with the time. */
  readonly say: (line: string) => void;
  /** Puts a figure into the table that ends the run. */
  readonly figure: (subject: string, what: string, value: string | number) => void;
}

/** What a story about machines is told with. */
export interface Lab extends Desk {
  readonly meta: MetaCluster;
}

/** Figures of a run, by subject. */
export type Figures = Map<string, Map<string, string | number>>;

/** The table of a run: a line for each subject, a column for each figure. */
export function tableOf(figures: Figures): string {
  const columns = [...new Set([...figures.values()].flatMap((row) => [...row.keys()]))];
  const rows = [['', ...columns], ...[...figures].map(([subject, row]) => [subject, ...columns.map((column) => String(row.get(column) ?? ''))])];
  const widths = rows[0]?.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ')).join('\n');
}
