import known from './config-fields.json' with { type: 'json' };
import type { Minor } from './minor.ts';

/** Configuration files that an author may set fields of. */
export type ConfigKind = 'KubeletConfiguration' | 'KubeProxyConfiguration';

/** What a field takes; `any` where the answer is another program's, or a list of its own kinds. */
export type ConfigField = 'any' | 'boolean' | 'list' | 'map' | 'number' | 'text' | ConfigFields;
export interface ConfigFields {
  readonly [field: string]: ConfigField;
}

/**
 * Fields of a kind in one minor, read off the Go types of its release by `npm run config-fields`. Programs do not
 * refuse a field that they do not know: they read the file again without asking for the names, and say so in a log.
 */
export const configFieldsOf = (minor: Minor, kind: ConfigKind): ConfigFields =>
  (known as unknown as Readonly<Record<Minor, Readonly<Record<ConfigKind, ConfigFields>>>>)[minor][kind];
