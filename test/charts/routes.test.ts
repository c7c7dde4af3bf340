import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { routesObjects } from '../../charts/tenant/routes.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { temporaryFolder, writeFiles } from '../support/folders.ts';

const RECORD = new URL('../../dist/records/search-prod.json', import.meta.url);

/** Dual stack, as it is committed. */
const cluster = (JSON.parse(readFileSync(RECORD, 'utf8')) as { readonly resolved: ResolvedCluster }).resolved;

function scriptText(): string {
  const map = (routesObjects(cluster) as Manifest[]).find(({ kind }) => kind === 'ConfigMap');
  return (map?.['data'] as Readonly<Record<string, string>>)['routes.sh'] ?? '';
}

/** Answers as the API server does when curl asks, and keeps what it was asked. */
const CURL = `#!/bin/sh
cat > FOLDER/asked.in; printf '%s' "$*" > FOLDER/asked.args
[ -s FOLDER/answer ] || exit 22
cat FOLDER/answer
`;

/** A Node with every other place in which these words could stand. */
const nodeWith = (...ranges: readonly string[]): string => JSON.stringify({
  kind: 'Node',
  metadata: { annotations: { last: '{"podCIDRs":["10.9.9.0/24"]}' }, managedFields: [{ fieldsV1: { 'f:spec': { 'f:podCIDRs': { 'v:"10.8.8.0/24"': {} } } } }] },
  spec: { podCIDR: ranges[0], podCIDRs: ranges },
}, null, 2);

/** The script on a machine of its own: only the folders have other names, and it looks again at once. */
function start(): string {
  const folder = temporaryFolder();
  for (const name of ['bin', 'net', 'identity']) mkdirSync(join(folder, name));
  const text = scriptText().replaceAll('/etc/cni/net.d', join(folder, 'net')).replaceAll('/run/identity', join(folder, 'identity')).replaceAll(/pause=\d+/g, 'pause=0.1');
  writeFiles(folder, { 'routes.sh': text, 'bin/curl': CURL.replaceAll('FOLDER', folder), 'identity/token': 'a-token' });
  chmodSync(join(folder, 'bin/curl'), 0o755);
  const running = spawn('sh', [join(folder, 'routes.sh')], { env: { NODE_NAME: 'n1', PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` }, stdio: 'ignore' });
  const ended = new Promise((done) => { running.once('exit', done); });
  onTestFinished(async () => {
    running.kill('SIGTERM');
    expect(await ended, 'it ends when it is told to').toBe(0);
  });
  return folder;
}

const GENEROUS = { timeout: 60_000, interval: 50 };

test('a node is told its ranges when it has some, and when it has others', { timeout: 120_000 }, async () => {
  const folder = start();
  const file = join(folder, 'net/10-kubewright.conflist');
  const subnets = (): string => JSON.stringify((JSON.parse(readFileSync(file, 'utf8')) as { plugins: [{ ipam: { ranges: unknown } }] }).plugins[0].ipam.ranges);
  await vi.waitFor(() => { expect(existsSync(join(folder, 'asked.args'))).toBe(true); }, GENEROUS);
  expect(existsSync(file), 'before the node has a range').toBe(false);

  writeFileSync(join(folder, 'answer'), nodeWith('10.72.1.0/24', 'fd20:72:0:1::/64'));
  await vi.waitFor(() => { expect(subnets()).toBe('[[{"subnet":"10.72.1.0/24"}],[{"subnet":"fd20:72:0:1::/64"}]]'); }, GENEROUS);
  writeFileSync(join(folder, 'answer'), nodeWith('10.72.2.0/24', 'fd20:72:0:2::/64'));
  await vi.waitFor(() => { expect(subnets()).toContain('10.72.2.0/24'); }, GENEROUS);

  expect(readFileSync(join(folder, 'asked.args'), 'utf8')).toMatch(/ https:\/\/api\.search-prod\.example\.com:6443\/api\/v1\/nodes\/n1$/);
  expect(readFileSync(join(folder, 'asked.args'), 'utf8'), 'arguments are for everybody to see').not.toContain('a-token');
  expect(readFileSync(join(folder, 'asked.in'), 'utf8')).toContain('Bearer a-token');
});
