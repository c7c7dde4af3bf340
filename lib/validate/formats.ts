import { parseAddress, parseCidr } from '../net.ts';
import { parseVersion } from '../versions/version.ts';

/** A kind of text: what it looks like, and an example for the author. */
interface TextFormat {
  readonly is: (text: string) => boolean;
  readonly kind: string;
  readonly example: string;
}

const matches = (pattern: RegExp) => (text: string): boolean => pattern.test(text);

/** The formats of the model's schema. */
export const FORMATS = {
  'dns-label': { is: matches(/^[a-z]([-a-z0-9]*[a-z0-9])?$/), kind: 'a name of lower-case letters, digits and dashes that begins with a letter', example: 'payments-1' },
  'dns-name': { is: matches(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/), kind: 'a name in DNS, in lower case', example: 'api.prod.example.com' },
  quantity: { is: matches(/^[0-9]+(\.[0-9]+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/), kind: 'a quantity', example: '8Gi' },
  days: { is: matches(/^[1-9][0-9]{0,4}d$/), kind: 'a number of days', example: '365d' },
  duration: { is: matches(/^[0-9]+(ms|s|m|h)$/), kind: 'a duration', example: '30s' },
  cron: { is: (text) => text.trim().split(/\s+/).length === 5, kind: 'a schedule of five fields', example: '15 */6 * * *' },
  version: { is: (text) => /^[0-9]+\.[0-9]+\.[0-9]+$/.test(text) && parseVersion(text) !== null, kind: 'a version of three numbers, without a v', example: '1.34.4' },
  /** Host bits are a rule's matter: it can name the network that was meant. */
  cidr: { is: (text) => { const parsed = parseCidr(text); return parsed.ok || parsed.fault === 'host-bits'; }, kind: 'a network', example: '10.64.0.0/14' },
  address: { is: (text) => parseAddress(text).ok, kind: 'an IPv4 or IPv6 address', example: '10.20.0.11' },
} as const satisfies Record<string, TextFormat>;

export type FormatName = keyof typeof FORMATS;

/** Texts that a bare pattern of the schema asks for, by that pattern: what to write instead. */
export const PATTERN_EXAMPLES: Readonly<Record<string, { readonly kind: string; readonly example: string }>> = {
  '^/': { kind: 'an absolute path', example: '/var/lib/etcd' },
  '^https?://': { kind: 'a URL', example: 'https://storage.example.com:9000' },
  '^unix:///': { kind: 'a Unix socket', example: 'unix:///run/kms/plugin.sock' },
  '^[1-9][0-9]*[hd]$': { kind: 'a number of hours or days', example: '14d' },
  '^[0-9]+(ms|s)$': { kind: 'a duration', example: '3s' },
  '^[0-9]+(ms|s|m)$': { kind: 'a duration', example: '5s' },
  '^age1[0-9a-z]+$': { kind: 'an age recipient', example: 'age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p' },
  '^sha256:[0-9a-f]{64}$': { kind: 'a SHA-256 digest', example: `sha256:${'0'.repeat(8)}… (64 hexadecimal digits)` },
  '^[A-Za-z_][A-Za-z0-9_]*$': { kind: 'a name of letters, digits and underscores', example: 'HTTPS_PROXY' },
  '^[A-Za-z0-9:._-]+$': { kind: 'a group of letters, digits and : . _ -', example: 'deployers' },
  '^\\S(.*\\S)?$': { kind: 'a name without blanks at its ends', example: 'oidc:payments' },
  '^[a-z0-9]([-a-z0-9.@]*[a-z0-9])?$': { kind: 'a name of lower-case letters, digits and - . @', example: 'payments-ci' },
  '^[a-z0-9][-a-z0-9]*$': { kind: 'a flag without its dashes', example: 'max-requests-inflight' },
  '^[a-z0-9][a-z0-9._:/-]*[a-z0-9]$': { kind: 'a registry and a path in it, without a scheme', example: 'mirror.example.com/k8s' },
  '\\S': { kind: 'a reason in words', example: 'a cluster of the load tests' },
  '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$': { kind: 'a bucket', example: 'etcd-backups' },
};
