import fc from 'fast-check';
import { expect, test } from 'vitest';
import { validateFleet } from '../../lib/validate/validate.ts';
import { cluster, meta } from './definitions.ts';

/** A fleet in which nearly every field is set. */
const FULL = {
  name: 'f',
  sealing: { certificate: 'sealing.pem' },
  images: { registry: 'mirror/k8s', digests: {} },
  metaClusters: [meta({ components: { apiserver: { profiling: 'false' } }, nodePortRange: { from: 30000, to: 32767 } })],
  clusters: [
    cluster({
      network: { pods: ['10.64.0.0/14', 'fd00::/48'], services: ['10.32.0.0/16', 'fd01::/108'], nodeMask: { ipv4: 24 }, dnsDomain: 'cluster.local' },
      components: {
        apiserver: {
          image: 'a/b:v1.34.4', args: { 'event-ttl': '1h', 'tls-cipher-suites': ['a'], 'api-audiences': 'a' }, runtimeConfig: { 'apps/v1': true },
          extraVolumes: [{ name: 'x', mountPath: '/x', source: { image: { reference: 'a:1' } } }], env: [{ name: 'A', value: 'b' }], resources: { requests: { cpu: '1' }, limits: { cpu: '2' } },
        },
        controllerManager: { version: '1.34.4' },
      },
      etcd: { version: '3.6.16', quota: '8Gi', storage: { local: { path: '/srv', size: '32Gi', hosts: ['a', 'b', 'c'] } }, settings: { 'log-level': 'info' }, backup: { schedule: '* * * * *', to: { persistentVolumeClaim: { size: '1Gi' } } } },
      admission: { enable: ['EventRateLimit'], disable: ['LimitRanger'], configuration: { EventRateLimit: {} } },
      authentication: { jwt: [{ issuer: { url: 'https://a', audiences: ['a'] }, claimMappings: { username: { claim: 'sub' } } }], anonymousPaths: ['/livez'] },
      encryption: { provider: 'kms', kms: { name: 'a', endpoint: 'unix:///x/y' } },
      certificates: { leaf: '365d', extraHosts: ['a'] },
      users: [{ name: 'a', groups: ['b'], lifetime: '30d' }],
      featureGates: { SidecarContainers: true },
    }),
  ],
};

/** Every place in a value, as the steps that lead there. */
function placesOf(value: unknown): (string | number)[][] {
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return [[], ...entries.flatMap(([step, child]) => placesOf(child).map((place) => [step, ...place]))];
}

function spoil(value: unknown, [step, ...rest]: readonly (string | number)[], put: unknown): unknown {
  if (step === undefined) return put;
  if (Array.isArray(value)) return value.map((child, index) => (index === step ? spoil(child, rest, put) : child));
  const fields = value as Record<string, unknown>;
  return { ...fields, [step]: spoil(fields[step], rest, put) };
}

/** What a sentence shows when its author forgot that a value may be missing. */
const GARBLED = /undefined|NaN|\[object/;

/** Nothing that is garbled by itself: a sentence may quote it. */
const anything = fc.oneof(
  fc.string(), fc.constantFrom('', '1.34', '1.99.0', '3.5', '10.0.0.0/33', '::/0', '0.0.0.0/0', 'fd00::/8', 'constructor', '__proto__', 'toString', '-1', '9'.repeat(400), '9999999d', '1e9Gi'),
  fc.constantFrom<unknown>(null, undefined, 0, -1, Number.POSITIVE_INFINITY, true, [], {}, [null], { type: 'x' }, ['a', 'a']), fc.jsonValue(),
).filter((put) => !GARBLED.test(JSON.stringify(put) ?? ''));

test('nothing that an author can write makes a rule throw, and every problem is whole', () => {
  const places = placesOf(FULL);
  fc.assert(fc.property(fc.constantFrom(...places), anything, (place, put) => {
    for (const { code, what, why, fix, at } of validateFleet(spoil(FULL, place, put))) {
      expect([code, what, why, fix, at.of].every((text) => text.length > 0)).toBe(true);
      expect(`${what}${why}${fix}`).not.toMatch(GARBLED);
    }
  }), { numRuns: 1000 });
}, 60_000);

test('a definition may use any name as a key', () => {
  for (const key of ['constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    const [one] = FULL.clusters;
    const strange = { ...one, featureGates: { [key]: true }, components: { apiserver: { args: { [key.toLowerCase()]: 'x' }, runtimeConfig: { [key]: true } } } };
    expect(validateFleet({ ...FULL, clusters: [strange] }).map(({ code }) => code)).toEqual(expect.arrayContaining(['gates/unknown', 'args/unknown-flag', 'runtime-config/unknown-api']));
  }
});
