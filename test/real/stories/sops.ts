import { X509Certificate } from 'node:crypto';
import { deepEqual, equal, notEqual } from 'node:assert/strict';
import type { Secret } from 'kubernetes-types/core/v1';
import { settles } from '../clusters/delivery/tool.ts';
import { editDefinition, layEncrypted, renewCertificate } from '../fleet.ts';
import type { Desk, Story } from '../story.ts';
import { begin, CHANGED, type Delivered } from './delivery/begin.ts';
import { push } from './delivery/commit.ts';

export const story: Story = {
  name: 'sops',
  shows: 'Flux opens what SOPS encrypted: a fleet comes up without any controller for secrets, and what is issued anew or holds something else follows by a commit',
  machines: 'own',
  byNameOnly: true,
  modules: ['kustomize-controller'],
  fleet: layEncrypted,
  tell,
};

async function tell(desk: Desk): Promise<void> {
  const delivered = await begin(desk, 'flux', 'flux');
  await nothingElseOpens(delivered);
  await renews(delivered);
  await holdsMore(delivered);
  await delivered.end();
}

async function nothingElseOpens({ meta: { kubectl }, say }: Delivered): Promise<void> {
  const kinds = await kubectl.run(['api-resources', '-o', 'name']);
  deepEqual(kinds.split('\n').filter((kind) => kind.includes('bitnami')), []);
  const { items } = await kubectl.get<{ readonly items: readonly Secret[] }>('secrets', '-A', '-l', 'app.kubernetes.io/managed-by=kubewright');
  const values = items.flatMap(({ data = {} }) => Object.values(data)).map((value) => Buffer.from(value, 'base64').toString());
  deepEqual(values.filter((value) => value.startsWith('ENC[')), []);
  say(`${items.length} Secrets are open, and no controller for them is there`);
}

const OPENED = ['apiserver', 'flux'] as const;

/** What serves, and what Flux itself comes in with. */
async function renews(delivered: Delivered): Promise<void> {
  const { planes, tool, figure, say } = delivered;
  const before = await Promise.all(OPENED.map((name) => serialOf(delivered, name)));
  for (const name of OPENED) await renewCertificate(CHANGED, name);
  figure('flux with SOPS', 'two certificates anew, to healthy (s)', await settles(tool, await push(delivered, 'Certificates anew')));
  const after = await Promise.all(OPENED.map((name) => serialOf(delivered, name)));
  before.forEach((serial, index) => notEqual(after[index], serial, OPENED[index]));
  await tool.look();
  await planes[CHANGED].kubectl.run(['get', '--raw', '/readyz']);
  say('certificates that were issued anew are in place, and Flux comes in with its own');
}

/** The certificate in a Secret: by itself, or in a kubeconfig. */
async function serialOf({ meta: { kubectl }, planes, tool }: Delivered, name: typeof OPENED[number]): Promise<string> {
  const { namespace } = planes[CHANGED].cluster;
  const [where, secret, key] = name === 'flux' ? [tool.namespace, `${CHANGED}-kubeconfig`, 'value'] : [namespace, name, 'tls.crt'];
  const { data = {} } = await kubectl.get<Secret>('-n', where, 'secret', secret);
  const text = Buffer.from(data[key] ?? '', 'base64').toString();
  const [, inside] = /client-certificate-data: "?([A-Za-z0-9+/=]+)/.exec(text) ?? [];
  return new X509Certificate(inside === undefined ? text : Buffer.from(inside, 'base64')).serialNumber;
}

const READABLE = "encryption: { provider: 'secretbox', resources: ['secrets'], readable: ['configmaps'] },";
const ENCRYPTED = "encryption: { provider: 'secretbox', resources: ['secrets', 'configmaps'] },";

/** The key is the same, and what stands around it in the Secret is not. An autoscaler has several API servers run: two commits. */
async function holdsMore(delivered: Delivered): Promise<void> {
  const { planes, tool, say } = delivered;
  const { kubectl } = planes[CHANGED];
  await kubectl.run(['create', 'secret', 'generic', 'kept', '--from-literal=word=before']);
  await editDefinition('clusters.ts', '  audit: WRITES,', `  audit: WRITES,\n  ${READABLE}`);
  await settles(tool, await push(delivered, 'ConfigMaps can be read encrypted'));
  await editDefinition('clusters.ts', READABLE, ENCRYPTED);
  await settles(tool, await push(delivered, 'ConfigMaps are encrypted too'));
  await kubectl.run(['create', 'configmap', 'kept', '--from-literal=word=after']);
  equal(await kubectl.run(['get', 'secret', 'kept', '-o', 'jsonpath={.data.word}']), Buffer.from('before').toString('base64'));
  equal(await kubectl.run(['get', 'configmap', 'kept', '-o', 'jsonpath={.data.word}']), 'after');
  say('an API server with another list of what is encrypted reads what was written before');
}
