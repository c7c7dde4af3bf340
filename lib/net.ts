/** Address arithmetic for IPv4 and IPv6, on BigInt. Text in, text out: the model holds addresses and networks as text. */

export type Family = 4 | 6;

export interface Address {
  readonly family: Family;
  readonly value: bigint;
}

/** A network: its first address, and how many leading bits all its addresses share. */
export interface Cidr {
  readonly family: Family;
  readonly first: bigint;
  readonly prefix: number;
}

export type AddressFault = 'not-an-address';
export type CidrFault = AddressFault | 'no-prefix' | 'bad-prefix' | 'host-bits';

/** What a text stands for, or what is wrong with it: `reason` ends the sentence `<text> …`. */
export type Parsed<T, Fault extends string> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: Fault; readonly reason: string; readonly instead?: string };

export const BITS = { 4: 32, 6: 128 } as const;

const NOT_AN_ADDRESS = { ok: false, fault: 'not-an-address', reason: 'is neither an IPv4 nor an IPv6 address' } as const;

/** Reads an address strictly: no leading zeros, no zone, no IPv4 inside IPv6. */
export function parseAddress(text: string): Parsed<Address, AddressFault> {
  const [family, value] = text.includes(':') ? ([6, ipv6Value(text)] as const) : ([4, ipv4Value(text)] as const);
  return value === null ? NOT_AN_ADDRESS : { ok: true, value: { family, value } };
}

/** Reads a network strictly: bits behind the prefix must be zero, and the answer says which network was probably meant. */
export function parseCidr(text: string): Parsed<Cidr, CidrFault> {
  const [host = '', length, ...rest] = text.split('/');
  const address = parseAddress(host);
  if (!address.ok || rest.length > 0) return NOT_AN_ADDRESS;
  if (length === undefined) return { ok: false, fault: 'no-prefix', reason: 'has no prefix length, as in /16' };
  const { family, value } = address.value;
  const prefix = /^(0|[1-9][0-9]{0,2})$/.test(length) ? Number(length) : Number.NaN;
  if (!(prefix <= BITS[family])) return { ok: false, fault: 'bad-prefix', reason: `has no prefix length from 0 to ${BITS[family]}` };
  const first = firstOf(value, family, prefix);
  if (first === value) return { ok: true, value: { family, first, prefix } };
  const instead = formatCidr({ family, first, prefix });
  return { ok: false, fault: 'host-bits', reason: `has bits behind its prefix; the network is ${instead}`, instead };
}

const firstOf = (value: bigint, family: Family, prefix: number): bigint => {
  const hosts = BigInt(BITS[family] - prefix);
  return (value >> hosts) << hosts;
};

const OCTET = /^(0|[1-9][0-9]{0,2})$/;

function ipv4Value(text: string): bigint | null {
  const octets = text.split('.');
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) < 256)) return null;
  return BigInt(octets.reduce((value, octet) => value * 256 + Number(octet), 0));
}

function ipv6Value(text: string): bigint | null {
  const [head = '', tail, ...rest] = text.split('::');
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const missing = 8 - left.length - right.length;
  const complete = tail === undefined ? missing === 0 : missing > 0;
  if (rest.length > 0 || !complete) return null;
  const groups = [...left, ...Array.from({ length: missing }, () => '0'), ...right];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return BigInt(`0x${groups.map((group) => group.padStart(4, '0')).join('')}`);
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'));

/** Canonical text: IPv6 as in RFC 5952. */
export function formatAddress({ family, value }: Address): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => (value >> BigInt(112 - 16 * index)) & 0xffffn);
  const { start, length } = longestZeros(groups);
  const text = groups.map((group) => group.toString(16));
  if (length < 2) return text.join(':');
  return `${text.slice(0, start).join(':')}::${text.slice(start + length).join(':')}`;
}

/** The first of the longest runs of zero groups; it is what `::` stands for. */
function longestZeros(groups: readonly bigint[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    const end = groups.findIndex((group, index) => index >= start && group !== 0n);
    const length = (end === -1 ? groups.length : end) - start;
    if (length > best.length) best = { start, length };
  }
  return best;
}

/** Canonical text of a network. */
export const formatCidr = ({ family, first, prefix }: Cidr): string => `${formatAddress({ family, value: first })}/${prefix}`;

/** How many addresses the network has. */
export const sizeOf = ({ family, prefix }: Cidr): bigint => 1n << BigInt(BITS[family] - prefix);

export const lastOf = (network: Cidr): bigint => network.first + sizeOf(network) - 1n;

/** Two networks overlap when one is inside the other: there is no other way. */
export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.family === b.family && a.first <= lastOf(b) && b.first <= lastOf(a);
}

/** Whether an address, or a whole network, is inside this network. */
export function contains(network: Cidr, inner: Address | Cidr): boolean {
  const [first, last] = 'value' in inner ? [inner.value, inner.value] : [inner.first, lastOf(inner)];
  return network.family === inner.family && network.first <= first && last <= lastOf(network);
}

/** The network of one address alone. */
export const networkOf = ({ family, value }: Address): Cidr => ({ family, first: value, prefix: BITS[family] });

/** The n-th address of a valid network, as text; the network's own address is the 0th. */
export function nthAddress(range: string, n: number): string {
  const network = validCidr(range);
  if (BigInt(n) >= sizeOf(network)) throw new Error(`${range} has no address ${n}: validation should have refused it`);
  return formatAddress({ family: network.family, value: network.first + BigInt(n) });
}

/** The family of a valid address or network. */
export const familyOf = (text: string): Family => (text.includes(':') ? 6 : 4);

/** Every address of a host that has addresses of these ranges; `[::]` takes in IPv4. */
export const everywhere = (ranges: readonly string[]): string => (ranges.some((range) => familyOf(range) === 6) ? '[::]' : '0.0.0.0');

/** An address and a port of it, as they are written side by side. */
export const withPort = (address: string, port: number): string => `${familyOf(address) === 6 ? `[${address}]` : address}:${port}`;

function validCidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`${text} ${parsed.reason}: validation should have refused it`);
  return parsed.value;
}
