import type { MetaCluster } from './clusters/meta.ts';
import type { LayDefinitions } from './fleet.ts';

/** Something that is seen to work on real components. One file in `stories/` each, which exports it as `story`. */
export type Story = About & (
  | { readonly machines?: true; readonly tell: (lab: Lab) => Promise<void> }
  /** It starts what it needs by itself, as plain processes: no root, and no machine is made for it. Such stories come first, two at a time. */
  | { readonly machines: false; readonly tell: (desk: Desk) => Promise<void> }
  /** It has a fleet and a meta cluster of its own, and ends what it started. Such stories come last. */
  | { readonly machines: 'own'; readonly fleet: LayDefinitions; readonly tell: (desk: Desk) => Promise<void> }
);

interface About {
  readonly name: string;
  /** What is true when it ends well, in a sentence. */
  readonly shows: string;
  /** It may be told while others on the same machines are: no figure of it is compared with another, and it takes no machine away. */
  readonly amongOthers?: true;
  /** One of its machines has a kernel of its own. */
  readonly kernels?: true;
  /** It is told when it is named: whoever names none does not wait for it. */
  readonly byNameOnly?: true;
  /** Go modules that only it asks for: they are built when it is told. */
  readonly modules?: readonly string[];
  /** The same for clusters of the stories' fleet: they are compiled when it is told. */
  readonly clusters?: readonly string[];
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

/** The tables of a run: subjects that tell the same things stand below one another, a column for each thing. */
export function tablesOf(figures: Figures): string {
  const alike = new Map<string, (readonly [string, ReadonlyMap<string, string | number>])[]>();
  for (const [subject, row] of figures) {
    const columns = [...row.keys()].join('|');
    alike.set(columns, [...(alike.get(columns) ?? []), [subject, row]]);
  }
  return [...alike.values()].map(tableOf).join('\n\n');
}

function tableOf(figures: readonly (readonly [string, ReadonlyMap<string, string | number>])[]): string {
  const columns = [...figures[0]?.[1].keys() ?? []];
  const rows = [['', ...columns], ...figures.map(([subject, row]) => [subject, ...columns.map((column) => String(row.get(column) ?? ''))])];
  const widths = rows[0]?.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0))) ?? [];
  return rows.map((row) => row.map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0))).join('  ')).join('\n');
}
