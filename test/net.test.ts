import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BITS, contains, formatAddress, formatCidr, lastOf, nthAddress, overlaps, parseAddress, parseCidr, type Cidr } from '../lib/net.ts';

const cidrOf = (text: string): Cidr => {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
};

describe('what is no network', () => {
  test.for([
    { text: '10.0.0.0', fault: 'no-prefix' },
    { text: '10.0.0.0/33', fault: 'bad-prefix' },
    { text: '10.0.0.0/08', fault: 'bad-prefix' },
    { text: '10.0.0.0/', fault: 'bad-prefix' },
    { text: 'fd00::/129', fault: 'bad-prefix' },
    { text: '10.0.0/8', fault: 'not-an-address' },
    { text: '010.0.0.0/8', fault: 'not-an-address' },
    { text: '10.0.0.0/8/8', fault: 'not-an-address' },
    { text: '::ffff:10.0.0.0/104', fault: 'not-an-address' },
    { text: 'fe80::1%eth0/64', fault: 'not-an-address' },
    { text: 'fd00:::/64', fault: 'not-an-address' },
    { text: '1:2:3:4:5:6:7:8::/64', fault: 'not-an-address' },
    { text: '', fault: 'not-an-address' },
    { text: '10.0.0.1/8', fault: 'host-bits' },
    { text: 'fd00::1/64', fault: 'host-bits' },
  ])('$text: $fault', ({ text, fault }) => {
    expect(parseCidr(text)).toMatchObject({ ok: false, fault });
  });

  test('host bits are answered with the network that was meant', () => {
    expect(parseCidr('10.64.7.1/14')).toMatchObject({ instead: '10.64.0.0/14' });
  });
});

test.for([
  { text: '2001:DB8:0:0:1:0:0:1', canonical: '2001:db8::1:0:0:1' },
  { text: '2001:db8:0:1:1:1:1:1', canonical: '2001:db8:0:1:1:1:1:1' },
  { text: '0:0:0:0:0:0:0:0', canonical: '::' },
  { text: 'fd00::00a1', canonical: 'fd00::a1' },
  { text: '1::', canonical: '1::' },
  { text: '10.0.0.1', canonical: '10.0.0.1' },
])('$text is written $canonical', ({ text, canonical }) => {
  const parsed = parseAddress(text);
  expect(parsed.ok && formatAddress(parsed.value)).toBe(canonical);
});

test.for([
  { range: '10.32.0.0/16', n: 1, address: '10.32.0.1' },
  { range: '10.32.0.0/16', n: 10, address: '10.32.0.10' },
  { range: 'fd00:10::/108', n: 10, address: 'fd00:10::a' },
  { range: '10.0.0.240/28', n: 15, address: '10.0.0.255' },
])('address $n of $range is $address', ({ range, n, address }) => {
  expect(nthAddress(range, n)).toBe(address);
});

test('there is no sixteenth address in a /28', () => {
  expect(() => nthAddress('10.0.0.0/28', 16)).toThrow('10.0.0.0/28');
});

test.for([
  { a: '10.0.0.0/8', b: '10.255.0.0/16', overlap: true },
  { a: '10.0.0.0/9', b: '10.128.0.0/9', overlap: false },
  { a: '0.0.0.0/0', b: '::/0', overlap: false },
  { a: 'fd00::/8', b: 'fd12::/64', overlap: true },
])('$a and $b overlap: $overlap', ({ a, b, overlap }) => {
  expect(overlaps(cidrOf(a), cidrOf(b))).toBe(overlap);
});

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: (1n << 32n) - 1n }).map((value) => ({ family: 4, value }) as const),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => ({ family: 6, value }) as const),
);
const network = address.chain(({ family, value }) => fc.integer({ min: 0, max: BITS[family] }).map((prefix): Cidr => {
  const hosts = BigInt(BITS[family] - prefix);
  return { family, first: (value >> hosts) << hosts, prefix };
}));

describe('properties', () => {
  test('what is written is read back, and Node agrees on its family', () => {
    fc.assert(fc.property(address, (one) => {
      const text = formatAddress(one);
      expect(parseAddress(text)).toEqual({ ok: true, value: one });
      expect(isIP(text)).toBe(one.family);
    }));
  });

  test('a network is read back', () => {
    fc.assert(fc.property(network, (one) => {
      expect(parseCidr(formatCidr(one))).toEqual({ ok: true, value: one });
    }));
  });

  test('no text is taken that Node would refuse', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[0-9a-f:.]{0,24}$/)), (text) => {
      if (parseAddress(text).ok) expect(isIP(text)).not.toBe(0);
      else expect(isIP(text) === 0 || text.includes('.') || text.includes('%')).toBe(true);
    }));
  });

  test('two networks overlap exactly when one contains the other', () => {
    fc.assert(fc.property(network, network, (a, b) => {
      expect(overlaps(a, b)).toBe(contains(a, b) || contains(b, a));
      expect(overlaps(a, b)).toBe(overlaps(b, a));
    }));
  });

  test('a network contains its first and last address, and not their neighbours', () => {
    fc.assert(fc.property(network, (one) => {
      const { family, first } = one;
      expect(contains(one, { family, value: first }) && contains(one, { family, value: lastOf(one) })).toBe(true);
      expect(contains(one, { family, value: first - 1n }) || contains(one, { family, value: lastOf(one) + 1n })).toBe(false);
    }));
  });
});
