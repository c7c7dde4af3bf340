import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { replacementObjects } from '../../charts/etcd/replacement.ts';
import type { Manifest } from '../../lib/model/manifest.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { containersOf, templateOf, type PodTemplate } from '../support/compiled.ts';
import { temporaryFolder, writeFiles } from '../support/folders.ts';

const RECORD = new URL('../../dist/records/search-prod.json', import.meta.url);
const DOMAIN = 'cp-search-prod.svc.cluster.local';

/** Of three members the last was replaced once, as it is committed. */
const cluster = (JSON.parse(readFileSync(RECORD, 'utf8')) as { readonly resolved: ResolvedCluster }).resolved;

/** The script, and the variables of the Job that replaces the last member. */
function rendered(): { readonly text: string; readonly env: Readonly<Record<string, string>> } {
  const { etcd } = cluster;
  if (etcd === null) throw new Error('search-prod has no etcd of its own');
  const [map, job] = replacementObjects({ cluster, name: 'etcd', etcd, own: etcd }) as unknown as [Manifest, Manifest];
  const variables = containersOf(templateOf(job) as PodTemplate)[0]?.env as readonly { readonly name: string; readonly value: string }[];
  return {
    text: (map['data'] as Readonly<Record<string, string>>)['replace.sh'] ?? '',
    env: Object.fromEntries(variables.map(({ name, value }) => [name, value])),
  };
}

/** Keeps what it was asked, and answers from a file; where there is none, nobody listens. */
const CURL = `#!/bin/sh
url= body= out=
printf '%s\\n' "$*" >> FOLDER/calls
while [ $# -gt 0 ]; do
  case $1 in -d) body=$2; shift ;; -o) out=$2; shift ;; https://*) url=$1 ;; esac
  shift
done
printf '%s %s\\n' "$url" "$body" >> FOLDER/asked
file=FOLDER/answers/$(printf %s "$url" | tr -c a-z0-9 _)
if [ -s "$file.refusals" ]; then sed -i 1d "$file.refusals"; echo 'curl: (22) The requested URL returned error: 503' >&2; exit 22; fi
if [ ! -e "$file" ]; then echo 'curl: (7) Could not connect to server' >&2; exit 7; fi
if [ -n "$out" ]; then cat "$file" > "$out"; else cat "$file"; fi
`;

/** A DNS that knows a name, one that knows that there is none, and one that is away. */
const NSLOOKUP = `#!/bin/sh
case $(cat "FOLDER/dns/$1" 2> /dev/null) in
  known) printf 'Name:\\t%s\\nAddress: 10.0.0.1\\n' "$1" ;;
  unknown) echo "** server can't find $1: NXDOMAIN"; exit 1 ;;
  *) echo ';; connection timed out; no servers could be reached'; exit 1 ;;
esac
`;

const BIN = { curl: CURL, nslookup: NSLOOKUP, sleep: '#!/bin/sh\n' } as const;

/** Of what is asked as `etcd-0 /health`: the file of its answer. */
const answerFile = (asked: string): string => asked.replace(/^(etcd-\d) /, `https://$1.${DOMAIN}:2379`).replaceAll(/[^a-z0-9]/g, '_');
const shortly = (asked: string): string => asked.replaceAll(new RegExp(`https://(etcd-\\d)\\.${DOMAIN}:2379`, 'g'), '$1 ').trim();

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const KEPT = base64('kubewright/etcd-2/generation');
const GENERATION = base64('1');
const peer = (member: string): string => `https://${member}.etcd.${DOMAIN}:2380`;

const LOOKS = ['etcd-2 /health?serializable=true', 'etcd-0 /health', 'etcd-1 /health', `etcd-0 /v3/kv/range {"key":"${KEPT}"}`] as const;
const LISTS = [...LOOKS, 'etcd-0 /v3/cluster/member/list {"linearizable":true}'] as const;
const REMOVES = 'etcd-0 /v3/cluster/member/remove {"ID":"30"}';
const ADDS = `etcd-0 /v3/cluster/member/add {"peerURLs":["${peer('etcd-2')}"]}`;
const keeps = (at: string): string => `${at} /v3/kv/put {"key":"${KEPT}","value":"${GENERATION}"}`;
const times = (count: number, asked: string): string[] => Array<string>(count).fill(asked);

type Answers = Readonly<Record<string, string>>;

const SOUND = '{"health":"true","reason":""}';
const DONE = '{"header":{"cluster_id":"7","member_id":"10","revision":"5","raft_term":"2"}}';
const OTHERS = ['etcd-0', 'etcd-1'].map((name, index) => ({ ID: `${10 * (index + 1)}`, name, peerURLs: [peer(name)], clientURLs: [`https://${name}.${DOMAIN}:2379`] }));
const list = (...more: readonly object[]): Answers => ({ 'etcd-0 /v3/cluster/member/list': JSON.stringify({ header: { cluster_id: '7' }, members: [...OTHERS, ...more] }) });
const kept = (generation: string): Answers => ({ 'etcd-0 /v3/kv/range': JSON.stringify({ header: { revision: '5' }, kvs: [{ key: KEPT, version: '1', value: base64(generation) }], count: '1' }) });

/** Two members of three are healthy; the third is on their list, and away. */
const LOST: Answers = {
  'etcd-0 /health': SOUND,
  'etcd-1 /health': SOUND,
  'etcd-0 /v3/kv/range': DONE,
  ...list({ ID: '30', name: 'etcd-2', peerURLs: [peer('etcd-2')], clientURLs: [`https://etcd-2.${DOMAIN}:2379`] }),
  'etcd-0 /v3/cluster/member/remove': DONE,
  'etcd-0 /v3/cluster/member/add': DONE,
  'etcd-0 /v3/kv/put': DONE,
};

const without = (answers: Answers, ...gone: readonly string[]): Answers => Object.fromEntries(Object.entries(answers).filter(([asked]) => !gone.includes(asked)));

interface Row {
  readonly when: string;
  /** What DNS says of the other two; `known` unless said. */
  readonly dns?: readonly ['known' | 'unknown' | 'silent', 'known' | 'unknown' | 'silent'];
  readonly answers: Answers;
  /** How many times etcd refuses to add before it does. */
  readonly refusals?: number;
  readonly exit: number;
  readonly says: RegExp;
  /** Everything that is asked of etcd, in order. */
  readonly asks: readonly string[];
}

const ROWS: readonly Row[] = [
  { when: 'DNS knows nobody', dns: ['unknown', 'unknown'], answers: {}, exit: 0, says: /this etcd is not there yet, so nobody is replaced/, asks: [] },
  { when: 'DNS is silent, and nobody answers', dns: ['silent', 'silent'], answers: {}, exit: 1, says: /etcd-0 +is not healthy/, asks: LOOKS.slice(0, 2) },
  { when: 'DNS knows one of the others only', dns: ['known', 'unknown'], answers: without(LOST, 'etcd-1 /health'), exit: 1, says: /etcd-1 +is not healthy/, asks: LOOKS.slice(0, 3) },
  { when: 'DNS is silent, and all others are healthy', dns: ['silent', 'silent'], answers: LOST, exit: 0, says: /removing member 30/, asks: [...LISTS, REMOVES, ADDS, keeps('etcd-0')] },
  { when: 'the member answers', answers: { ...LOST, [LOOKS[0]]: SOUND, 'etcd-2 /v3/kv/put': DONE }, exit: 0, says: /etcd-2 +answers: nothing to replace/, asks: [LOOKS[0], keeps('etcd-2')] },
  { when: 'the member answers, and takes no writes', answers: { ...LOST, [LOOKS[0]]: SOUND }, exit: 0, says: /etcd-2 +answers: nothing to replace/, asks: [LOOKS[0], keeps('etcd-2')] },
  { when: 'another member is not healthy', answers: { ...LOST, 'etcd-1 /health': '{"health":"false","reason":"RAFT NO LEADER"}' }, exit: 1, says: /etcd-1 +is not healthy: replacing a member now could lose the quorum/, asks: LOOKS.slice(0, 3) },
  { when: 'its generation was taken in before', answers: { ...LOST, ...kept('1') }, exit: 0, says: /is away, but this generation was taken in before/, asks: LOOKS },
  { when: 'an older generation was taken in before', answers: { ...LOST, ...kept('0') }, exit: 0, says: /removing member 30/, asks: [...LISTS, REMOVES, ADDS, keeps('etcd-0')] },
  { when: 'it is on the list, and has not started yet', answers: { ...LOST, ...list({ ID: '30', peerURLs: [peer('etcd-2')] }) }, exit: 0, says: /member 30 waits for its first start/, asks: [...LISTS, keeps('etcd-0')] },
  { when: 'it is on the list under an empty name', answers: { ...LOST, ...list({ ID: '30', name: '', peerURLs: [peer('etcd-2')] }) }, exit: 0, says: /member 30 waits for its first start/, asks: [...LISTS, keeps('etcd-0')] },
  { when: 'it is lost', answers: LOST, exit: 0, says: /removing member 30/, asks: [...LISTS, REMOVES, ADDS, keeps('etcd-0')] },
  { when: 'an earlier run has removed it, and no more', answers: { ...LOST, ...list() }, exit: 0, says: /"revision":"5"/, asks: [...LISTS, ADDS, keeps('etcd-0')] },
  { when: 'the list cannot be read', answers: without(LOST, 'etcd-0 /v3/cluster/member/list'), exit: 7, says: /Could not connect/, asks: LISTS },
  { when: 'it is not removed', answers: without(LOST, 'etcd-0 /v3/cluster/member/remove'), exit: 7, says: /Could not connect/, asks: [...LISTS, REMOVES] },
  { when: 'it is added at the fourth try', answers: LOST, refusals: 3, exit: 0, says: /error: 503/, asks: [...LISTS, REMOVES, ...times(4, ADDS), keeps('etcd-0')] },
  { when: 'it is never added', answers: LOST, refusals: 99, exit: 1, says: /error: 503/, asks: [...LISTS, REMOVES, ...times(30, ADDS)] },
];

function lay(folder: string, { dns = ['known', 'known'], answers, refusals = 0 }: Row): void {
  writeFiles(folder, {
    calls: '', asked: '',
    ...Object.fromEntries(dns.map((says, index) => [`dns/etcd-${index}.${DOMAIN}.`, says])),
    ...Object.fromEntries(Object.entries(answers).map(([asked, text]) => [`answers/${answerFile(asked)}`, text])),
    [`answers/${answerFile('etcd-0 /v3/cluster/member/add')}.refusals`]: 'no\n'.repeat(refusals),
    ...Object.fromEntries(Object.entries(BIN).map(([name, text]) => [`bin/${name}`, text.replaceAll('FOLDER', folder)])),
  });
  for (const name of Object.keys(BIN)) chmodSync(join(folder, 'bin', name), 0o755);
}

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter((line) => line !== '');

test.for(ROWS)('when $when', { timeout: 60_000 }, (row) => {
  const folder = temporaryFolder();
  const { text, env } = rendered();
  lay(folder, row);
  writeFiles(folder, { 'replace.sh': text });
  const { status, stdout, stderr } = spawnSync('/bin/sh', [join(folder, 'replace.sh')], {
    env: { ...env, PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` }, encoding: 'utf8', timeout: 50_000,
  });
  expect(linesOf(join(folder, 'asked')).map(shortly)).toEqual(row.asks);
  expect(shortly(`${stdout}${stderr}`)).toMatch(row.says);
  expect(status).toBe(row.exit);
  const credentials = `--cacert ${env['CA']} --cert ${env['CERT']} --key ${env['KEY']} `;
  expect(linesOf(join(folder, 'calls')).filter((call) => !call.startsWith(`-sS --fail-with-body --max-time 10 ${credentials}`)), 'every call shows its certificate').toEqual([]);
});
