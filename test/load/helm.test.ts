import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { loadFleet } from '../../lib/load/load.ts';
import { clusterOf, loadedOf, oneCluster, problemsOf, project, type Files } from './fixture.ts';

const FAKE = new URL('../support/bin', import.meta.url).pathname;

beforeEach(() => { vi.stubEnv('PATH', `${FAKE}:${process.env['PATH'] ?? ''}`); });
afterEach(() => { vi.unstubAllEnvs(); });

const OBJECT = '---\n# Source: chart/templates/all.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: NAME\ndata:\n  arguments: "ARGUMENTS"\n';
const HOOK = '---\n# Source: chart/templates/job.yaml\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: NAME-first\n  annotations:\n    "helm.sh/hook": pre-install,pre-upgrade\n';

const sha256 = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

/** As people do it: `sha256sum` of each file, and of what that prints. */
const digestOf = (files: Files): string => `sha256:${sha256(Object.entries(files).sort().map(([path, text]) => `${sha256(text)}  ${path}\n`).join(''))}`;

function fleetOf(chart: Files, digest = digestOf(chart), more = ''): Files {
  const line = `  addons: [addon('web', { chart: './chart', digest: '${digest}', version: '1.2.3', namespace: 'web'${more} })],`;
  const text = clusterOf('a', "  kubernetes: '1.35.4',", line).replace('{ defineCluster }', '{ addon, defineCluster }');
  return oneCluster(text, Object.fromEntries(Object.entries(chart).map(([path, content]) => [`clusters/a/chart/${path}`, content])));
}

interface Source { readonly [field: string]: unknown }

const sourceIn = (fleet: unknown): Source => (fleet as { clusters: { addons: { source: Source }[] }[] }).clusters[0]?.addons[0]?.source ?? {};
const sourceOf = async (files: Files): Promise<Source> => sourceIn(loadedOf(await loadFleet(project(files), { cache: false })).fleet);

test('a chart is rendered for the cluster, and its hooks are told apart', async () => {
  const chart = { 'Chart.yaml': 'name: chart', 'templates/all.yaml': `${OBJECT}${HOOK}` };
  const { output, hooks, digest, found } = await sourceOf(fleetOf(chart));
  expect(output).toMatch(/name: web\n.*"template web clusters\/a\/chart --namespace web --kube-version 1\.35\.4 --include-crds --values -"/s);
  expect(output).not.toContain('Job');
  expect(hooks).toEqual(['Job web-first (pre-install,pre-upgrade)']);
  expect(digest).toBe(found);
});

test('values reach helm as they are', async () => {
  const chart = { values: '', 'templates/all.yaml': OBJECT };
  expect((await sourceOf(fleetOf(chart, digestOf(chart), ', values: { a: [1, "b"] }')))['output']).toContain('{"a":[1,"b"]}');
});

const ZONED = OBJECT.replace('ARGUMENTS', 'ZONE');

test.for([
  ['the clock', { clock: '', 'templates/all.yaml': OBJECT }],
  ['the zone in which the date is told', { 'templates/all.yaml': ZONED }],
] as const)('what differs by %s is not taken', async ([, chart]) => {
  const source = await sourceOf(fleetOf(chart));
  expect(source['output']).toBeUndefined();
  expect(source['fault']).toMatchObject({ code: 'unstable', said: expect.stringMatching(/^(?:at|arguments): /) });
});

test('a hook that differs each time harms nobody', async () => {
  const source = await sourceOf(fleetOf({ 'templates/all.yaml': `${OBJECT}${HOOK.replace('NAME-first', 'ZONE')}` }));
  expect(source).toMatchObject({ output: expect.stringContaining('ConfigMap'), hooks: [expect.stringMatching(/^Job /)] });
});

test('helm says why it cannot', async () => {
  expect((await sourceOf(fleetOf({ fails: 'Error: no value for host\nmore\n', 'templates/all.yaml': OBJECT })))['fault']).toEqual({ code: 'failed', said: 'Error: no value for host' });
});

test('a machine without helm is told so, and asked again', async () => {
  const files = fleetOf({ 'templates/all.yaml': OBJECT });
  const root = project(files);
  mkdirSync(join(root, 'node_modules'));
  await sleep(80);
  vi.stubEnv('PATH', '/nowhere');
  expect(sourceIn(loadedOf(await loadFleet(root)).fleet)['fault']).toMatchObject({ code: 'missing' });
  vi.stubEnv('PATH', `${FAKE}:/usr/bin:/bin`);
  expect(sourceIn(loadedOf(await loadFleet(root)).fleet)['fault']).toBeUndefined();
  expect(loadedOf(await loadFleet(root)).cached).toBe(true);
});

test('another helm renders again what one has rendered', { timeout: 20_000 }, async () => {
  const bin = project({});
  copyFileSync(join(FAKE, 'helm'), join(bin, 'helm'));
  vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
  const root = project(fleetOf({ 'templates/all.yaml': OBJECT }));
  mkdirSync(join(root, 'node_modules'));
  await sleep(80);
  const isCached = async (): Promise<boolean> => loadedOf(await loadFleet(root)).cached;
  expect([await isCached(), await isCached()]).toEqual([false, true]);
  appendFileSync(join(bin, 'helm'), `printf '%s\\n' '# of the next release'\n`);
  const upgraded = loadedOf(await loadFleet(root));
  expect([upgraded.cached, sourceIn(upgraded.fleet)['output']]).toEqual([false, expect.stringContaining('# of the next release')]);
  expect(await isCached()).toBe(true);
  vi.stubEnv('PATH', `${FAKE}:/usr/bin:/bin`);
  const another = loadedOf(await loadFleet(root));
  expect([another.cached, sourceIn(another.fleet)['output']]).toEqual([false, expect.not.stringContaining('# of the next release')]);
});

test('another chart than the one that was pinned is not rendered', async () => {
  const source = await sourceOf(fleetOf({ 'templates/all.yaml': OBJECT }, `sha256:${'0'.repeat(64)}`));
  expect(source).toMatchObject({ found: digestOf({ 'templates/all.yaml': OBJECT }) });
  expect([source['output'], source['fault']]).toEqual([undefined, undefined]);
});

test.for([
  ['{{ $s := (lookup "v1" "Secret" .Release.Namespace "x") }}', true],
  ['{{- if not (lookup "v1" "Secret" "a" "b") }}', true],
  ['{{/* lookup "v1" */}} {{ .Values.lookup }} lookup "v1"', false],
] as const)('%s asks a cluster: %s', async ([text, asks]) => {
  expect((await sourceOf(fleetOf({ 'templates/all.yaml': OBJECT, 'charts/sub/templates/_helpers.tpl': text })))['lookups']).toEqual(asks ? ['charts/sub/templates/_helpers.tpl'] : []);
});

test('a packed chart is looked into, with what is packed in it', async () => {
  const chart = { 'web/templates/all.yaml': '{{ lookup "v1" "Secret" "a" "b" }}', [`web/${'deep/'.repeat(25)}templates/a.yaml`]: '{{ lookup "v1" "Secret" "a" "b" }}' };
  const root = project({ ...oneCluster(''), ...Object.fromEntries(Object.entries(chart).map(([path, text]) => [`packed/${path}`, text])) });
  const archive = execFileSync('tar', ['--format=ustar', '-czf', '-', '-C', join(root, 'packed'), 'web'], { env: { PATH: '/usr/bin:/bin' } });
  const text = clusterOf('a', `  addons: [addon('web', { chart: './web.tgz', digest: 'sha256:${sha256(archive)}', version: '1' })],`).replace('{ defineCluster }', '{ addon, defineCluster }');
  const packed = project(oneCluster(text));
  writeFileSync(join(packed, 'clusters/a/web.tgz'), archive);
  const source = sourceIn(loadedOf(await loadFleet(packed, { cache: false })).fleet);
  expect(source['found']).toBe(source['digest']);
  expect(source['lookups']).toEqual(expect.arrayContaining(Object.keys(chart)));
  writeFileSync(join(packed, 'clusters/a/web.tgz'), readFileSync(join(packed, 'clusters/fleet.ts')));
  expect(problemsOf(await loadFleet(packed, { cache: false })).map(({ code }) => code)).toEqual(['addons/source']);
});

test('a chart that is not there', async () => {
  expect(problemsOf(await loadFleet(project(fleetOf({})), { cache: false })).map(({ code }) => code)).toEqual(['load/file-missing']);
});
