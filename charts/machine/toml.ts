/** What the files of a machine hold. */
export type TomlValue = string | number | boolean | readonly string[] | TomlTable;

/** A table; its keys stand in the order in which they are given. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** TOML of a table: its values first, then a section for each table in it that has values of its own. */
export function toToml(table: TomlTable): string {
  return sectionsOf(table, []).join('\n');
}

function sectionsOf(table: TomlTable, path: readonly string[]): string[] {
  const entries = Object.entries(table);
  const lines = entries.flatMap(([key, value]) => (isTable(value) ? [] : [`${keyOf(key)} = ${valueOf(value)}\n`]));
  const header = path.length === 0 ? '' : `[${path.map(keyOf).join('.')}]\n`;
  const own = lines.length === 0 && entries.length > 0 ? [] : [header + lines.join('')];
  return [...own, ...entries.flatMap(([key, value]) => (isTable(value) ? sectionsOf(value, [...path, key]) : []))];
}

const isTable = (value: TomlValue): value is TomlTable => typeof value === 'object' && !Array.isArray(value);

const keyOf = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : textOf(key));

function valueOf(value: Exclude<TomlValue, TomlTable>): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'object') return `[${value.map(textOf).join(', ')}]`;
  return String(value);
}

/** TOML's basic strings are JSON's, but for one control character that JSON lets stand. */
const textOf = (text: string): string => JSON.stringify(text).replaceAll('\x7f', '\\u007f');
