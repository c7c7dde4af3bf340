import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { OWNED_FLAGS, REQUIRED_FLAGS } from '../../lib/validate/rules/components/owned-flags.ts';
import { factsOf } from '../../lib/versions/facts.ts';
import { ETCD_GATES, etcdHas, GATES, has } from '../../lib/versions/gates.ts';
import { apiHistoryOf, apiVersionsOf, gateHistoryOf, livesIn } from '../../lib/versions/history.ts';
import { MINORS } from '../../lib/versions/minor.ts';
import { ETCD_RELEASES, RELEASES, UPSTREAM_IMAGES } from '../../lib/versions/releases.ts';
import { REMOVED_FLAGS } from '../../lib/versions/removed.ts';
import { skewOf } from '../../lib/versions/skew.ts';
import { compareVersions, isAtLeast, isWithin, minorOf, minorsApart, minorText, parseVersion, supportedMinor } from '../../lib/versions/version.ts';
import { ROOT } from '../support/compiled.ts';
import { filesBelow } from '../support/folders.ts';

describe('versions', () => {
  test.for([
    { text: '1.34.4', version: { major: 1, minor: 34, patch: 4 } },
    { text: 'v1.34.4', version: { major: 1, minor: 34, patch: 4 } },
    { text: '1.34', version: { major: 1, minor: 34, patch: 0 } },
    { text: '1.34.4-rc.1', version: null },
    { text: '01.34.4', version: null },
    { text: '1', version: null },
    { text: 'latest', version: null },
  ])('$text', ({ text, version }) => {
    expect(parseVersion(text)).toEqual(version);
  });

  test.for([
    { a: '1.9.0', b: '1.10.0', order: -1 },
    { a: '3.5.24', b: '3.5.9', order: 1 },
    { a: '1.34', b: '1.34.0', order: 0 },
  ])('$a against $b is $order', ({ a, b, order }) => {
    expect(Math.sign(compareVersions(a, b))).toBe(order);
    expect(isAtLeast(a, b)).toBe(order >= 0);
  });

  test('minors', () => {
    expect(minorText('1.34.4')).toBe('1.34');
    expect(minorOf('1.34.4')).toBe('1.34');
    expect(supportedMinor('1.32.4')).toBeNull();
    expect(() => minorOf('1.32.4')).toThrow('1.32.4');
    expect(minorsApart('1.34.4', '1.36.0')).toBe(-2);
    expect(minorsApart('2.0.0', '1.36.0')).toBe(Number.POSITIVE_INFINITY);
    expect(isWithin('1.34.1', '1.34.0', '1.34.1')).toBe(true);
    expect(isWithin('1.34.2', '1.34.0', '1.34.1')).toBe(false);
  });
});

test.for([
  { component: 'kube-controller-manager', version: '1.35.0', skew: 'too-new' },
  { component: 'kube-controller-manager', version: '1.33.9', skew: 'allowed' },
  { component: 'kube-scheduler', version: '1.32.9', skew: 'too-old' },
  { component: 'kubelet', version: '1.31.0', skew: 'allowed' },
  { component: 'kubelet', version: '1.30.0', skew: 'too-old' },
  { component: 'kubectl', version: '1.35.0', skew: 'allowed' },
] as const)('$component $version beside an API server 1.34.4 is $skew', ({ component, version, skew }) => {
  expect(skewOf(component, version, '1.34.4')).toBe(skew);
});

/** Each source of the product that may ask, without the table itself. */
const SOURCES = ['lib', 'charts'].flatMap((folder) => filesBelow(join(ROOT, folder)).filter((path) => path.endsWith('.ts') && !path.endsWith('versions/gates.ts')).map((path) => readFileSync(join(ROOT, folder, path), 'utf8')));

describe('questions', () => {
  test.for([
    { question: 'etcdOverrideChecks', minor: '1.33', holds: false },
    { question: 'etcdOverrideChecks', minor: '1.34', holds: true },
    { question: 'largeServiceRanges', minor: '1.33', holds: false },
    { question: 'largeServiceRanges', minor: '1.34', holds: true },
  ] as const)('$question on v1.$minor: $holds', ({ question, minor, holds }) => {
    expect(has(minor, question)).toBe(holds);
  });

  test.for([
    { version: '3.5.35', question: 'featureGates', holds: false },
    { version: '3.6.0', question: 'featureGates', holds: true },
  ] as const)('etcd $version, $question: $holds', ({ version, question, holds }) => {
    expect(etcdHas(version, question)).toBe(holds);
  });

  test.for([...Object.keys(GATES).map((question) => ['has', question] as const), ...Object.keys(ETCD_GATES).map((question) => ['etcdHas', question] as const)])(
    '%s(…, %j) is asked somewhere', ([ask, question]) => {
      const isAsked = SOURCES.some((text) => new RegExp(`\\b${ask}\\([^;\n]*, '${question}'\\)`).test(text));
      expect(isAsked).toBe(true);
    },
  );

  test('a gate that a question is about has in the binaries the default that it says', () => {
    for (const minor of MINORS) {
      const dualWrite = factsOf(minor).components['kube-apiserver'].gates['DisableAllocatorDualWrite'];
      expect(dualWrite?.default, minor).toBe(has(minor, 'largeServiceRanges'));
    }
  });
});

describe('releases', () => {
  test('each minor has an etcd that is known, allowed and without known holes', () => {
    for (const minor of MINORS) {
      const etcd = ETCD_RELEASES.find((release) => release.minor === minorText(RELEASES[minor].etcd));
      expect(isAtLeast(RELEASES[minor].etcd, etcd?.floor ?? '99.0.0'), minor).toBe(true);
      expect(isAtLeast(RELEASES[minor].etcd, etcd?.secure ?? '99.0.0'), minor).toBe(true);
    }
  });

  test('names of images', () => {
    expect(UPSTREAM_IMAGES['kube-apiserver']('1.34.4')).toBe('kube-apiserver:v1.34.4');
    expect(UPSTREAM_IMAGES.etcd('3.6.16')).toBe('etcd:3.6.16-0');
  });

  test('while a minor changes, both read the same file: nothing is written in a version that came with the newer one', () => {
    const versions = MINORS.map((minor) => RELEASES[minor].configApis.AuthenticationConfiguration.split('/')[1]);
    expect(versions).toEqual(['v1beta1', 'v1beta1', 'v1', 'v1']);
  });
});

describe('tables against the real binaries', () => {
  test('a removed flag is in no binary from its release on, and in those before it', () => {
    for (const { component, flags, removedIn } of REMOVED_FLAGS) {
      for (const [minor, flag] of MINORS.flatMap((each) => flags.map((one) => [each, one] as const))) {
        expect(Object.hasOwn(factsOf(minor).components[component].flags, flag), `${component} v${minor} --${flag}`).toBe(!isAtLeast(minor, removedIn));
      }
    }
  });

  test('every owned and required flag is one that some binary has', () => {
    for (const table of [OWNED_FLAGS, REQUIRED_FLAGS]) {
      for (const binary of ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'] as const) {
        const known = new Set(MINORS.flatMap((minor) => Object.keys(factsOf(minor).components[binary].flags)));
        expect(Object.keys(table[binary]).filter((flag) => !known.has(flag)), binary).toEqual([]);
      }
    }
  });

  test('the history of gates says that a gate is gone, or not there yet, only when it is', () => {
    for (const minor of MINORS) {
      const gates = Object.keys(factsOf(minor).components['kube-apiserver'].gates);
      expect(gates.filter((gate) => !livesIn(gateHistoryOf(gate) ?? {}, minor)), minor).toEqual([]);
    }
  });

  test('the history of gates knows each gate that came or went within the supported minors', () => {
    const every = MINORS.map((minor) => factsOf(minor).components['kube-apiserver'].gates);
    const moved = [...new Set(every.flatMap(Object.keys))].filter((gate) => !every.every((gates) => Object.hasOwn(gates, gate)));
    expect(moved.filter((gate) => gateHistoryOf(gate)?.added === undefined && gateHistoryOf(gate)?.removed === undefined)).toEqual([]);
  });

  test('the history of gates says that a gate is locked only when it is', () => {
    for (const minor of MINORS) {
      const { gates } = factsOf(minor).components['kube-apiserver'];
      const wrong = Object.entries(gates).filter(([gate, fact]) => {
        const { locked, value } = gateHistoryOf(gate) ?? {};
        return locked !== undefined && isAtLeast(minor, locked) && !(fact.locked && fact.default === value);
      });
      expect(wrong.map(([gate]) => gate), minor).toEqual([]);
    }
  });
});

test('histories of APIs', () => {
  expect(apiVersionsOf('1.33')).not.toContain('resource.k8s.io/v1');
  expect(apiVersionsOf('1.34')).toContain('resource.k8s.io/v1');
  expect(apiHistoryOf('networking.k8s.io/v1alpha1')).toEqual({ removed: '1.34' });
  expect(apiHistoryOf('constructor')).toBeUndefined();
});
