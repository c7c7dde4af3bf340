import known from './config-fields.json' with { type: 'json' };
import type { Minor } from './minor.ts';

/** Configuration files, or parts of them, that an author may set fields of. */
export type ConfigKind =
  | 'KubeletConfiguration' | 'KubeProxyConfiguration'
  | 'JWTAuthenticator' | 'WebhookConfiguration' | 'PolicyRule'
  | 'EventRateLimitConfiguration' | 'PodSecurityConfiguration' | 'ResourceQuotaConfiguration';

/** What a field takes; `any` where the answer is another program's. A list of objects says what these have; any other is a `list`. */
export type ConfigField = 'any' | 'boolean' | 'list' | 'map' | 'number' | 'text' | ConfigFields | readonly [ConfigFields];
export interface ConfigFields {
  readonly [field: string]: ConfigField;
}

/** Fields of a kind in one minor, read off the Go types of its release by `npm run config-fields`. */
export const configFieldsOf = (minor: Minor, kind: ConfigKind): ConfigFields =>
  (known as unknown as Readonly<Record<Minor, Readonly<Record<ConfigKind, ConfigFields>>>>)[minor][kind];
