import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { ControlPlane } from '../../clusters/control-plane.ts';
import { etcdctlOf } from '../../clusters/etcd.ts';
import type { Kubectl } from '../../clusters/kubectl.ts';
import type { MetaCluster } from '../../clusters/meta.ts';
import { until } from '../../host/until.ts';
import type { EtcdName } from '../../../../lib/model/names.ts';

const PLAIN = 'what nobody may read on a disk';

/** An object as etcd has it, byte for byte. */
async function rawObject(kubectl: Kubectl, namespace: string, key: string): Promise<string> {
  const { kvs } = JSON.parse(await etcdctlOf(kubectl, namespace, 'etcd', 'get', key, '--write-out=json')) as { readonly kvs?: readonly { readonly value: string }[] };
  const [found] = kvs ?? [];
  if (found === undefined) throw new Error(`etcd of ${namespace} has no ${key}`);
  return Buffer.from(found.value, 'base64').toString('latin1');
}

async function keysOf(kubectl: Kubectl, namespace: string, etcd: EtcdName): Promise<string[]> {
  return (await etcdctlOf(kubectl, namespace, etcd, 'get', '', '--prefix', '--keys-only')).split('\n').filter((key) => key !== '');
}

/** Secrets are encrypted with the configured provider, ConfigMaps are not; whoever may read them gets the text. */
export async function checkEncryption({ kubectl: meta }: MetaCluster, { cluster, kubectl }: ControlPlane, provider: string): Promise<void> {
  await kubectl.run(['-n', 'default', 'create', 'secret', 'generic', 'kept', `--from-literal=text=${PLAIN}`]);
  await kubectl.run(['-n', 'default', 'create', 'configmap', 'kept', `--from-literal=text=${PLAIN}`]);
  const secret = await rawObject(meta, cluster.namespace, '/registry/secrets/default/kept');
  match(secret, new RegExp(`^k8s:enc:${provider}:v1:key1:`));
  for (const form of [PLAIN, Buffer.from(PLAIN).toString('base64')]) equal(secret.includes(form), false, 'the text stands in etcd');
  const configMap = await rawObject(meta, cluster.namespace, '/registry/configmaps/default/kept');
  match(configMap, /^k8s\0/);
  ok(configMap.includes(PLAIN), 'a ConfigMap is kept as it is');
  equal(await kubectl.run(['-n', 'default', 'get', 'secret', 'kept', '-o', 'jsonpath={.data.text}']), Buffer.from(PLAIN).toString('base64'));
}

/** Events are in their own etcd, which holds nothing else. */
export async function checkEventsApart({ kubectl: meta }: MetaCluster, { cluster: { namespace }, kubectl }: ControlPlane): Promise<void> {
  const isEvent = (key: string): boolean => key.startsWith('/registry/events/');
  const apart = async (): Promise<string[]> => keysOf(meta, namespace, 'etcd-events');
  await until('an event has come to its etcd', 60, async () => (await apart()).some(isEvent), () => kubectl.run(['get', 'events', '-A']));
  deepEqual((await keysOf(meta, namespace, 'etcd')).filter(isEvent), []);
  deepEqual((await apart()).filter((key) => !isEvent(key) && key !== 'compact_rev_key'), []);
}
