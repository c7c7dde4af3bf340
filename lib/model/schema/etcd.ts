import { cron, dnsLabel, dnsName, exactlyOne, integer, list, mapOf, object, oneOfTexts, quantity, ref, text, version, type Schema } from './fields.ts';

/** etcd, its volumes and its backup; or somebody else's etcd API. */
export const ETCD_DEFINITIONS: Record<string, Schema> = {
  EtcdStorage: exactlyOne('Where members keep their data.', {
    claimTemplate: object('A claim for each member, from a storage class.', {
      storageClass: dnsName('Storage class; the meta cluster\'s default one when absent.'),
      size: quantity('Size of each claim when the cluster was made. Kept as it is for ever: the StatefulSet cannot change it.'),
      requestedSize: quantity('Size that each claim asks for now. Raise this to grow the volumes.'),
    }, ['size']),
    local: object('A local PersistentVolume for each member, pinned to its host.', {
      path: text('Folder on the host; it must exist.', { pattern: '^/' }),
      size: quantity('Size of the volume.'),
      hosts: list('Host of each member, in order: values of kubernetes.io/hostname.', dnsName('A host.'), { minItems: 1 }),
    }, ['path', 'size', 'hosts']),
    hostPath: object('A folder of a named host for each member. For machines without a provisioner; prefer `local`, whose folder the kubelet gives to etcd.', {
      path: text('Folder on the host. It must exist and belong to user 65532: nothing in the cluster may change its owner.', { pattern: '^/' }),
      size: quantity('Size that is written on the volume; a folder of the host is not limited by it.'),
      hosts: list('Host of each member, in order: values of kubernetes.io/hostname.', dnsName('A host.'), { minItems: 1 }),
    }, ['path', 'size', 'hosts']),
    emptyDir: object('A folder that is lost with the Pod. For tests, and for events.', {
      medium: oneOfTexts('What holds it.', ['', 'Memory']),
      sizeLimit: quantity('How much it may hold.'),
    }),
  }),
  EtcdMember: object('State of one member.', {
    generation: integer('Raise it by one to replace a member whose data is lost. A Job takes it out of the list and in again; then it joins with a new, empty folder. Apply stage by stage: it must not start before that Job is done.', 0, 1000),
  }),
  EtcdEvents: object('An etcd of their own for events.', {
    storage: ref('EtcdStorage'),
    members: list('State of each member, when one was replaced.', ref('EtcdMember'), { maxItems: 3 }),
    quota: quantity('Size at which etcd refuses writes.'),
    resources: ref('Resources'),
  }, ['storage']),
  EtcdBackup: object('Snapshots on a schedule.', {
    schedule: cron('Five fields of cron, in UTC.'),
    keep: text('How long snapshots are kept: `14d`, `36h`.', { pattern: '^[1-9][0-9]*[hd]$' }),
    to: exactlyOne('Where snapshots go.', {
      s3: object('A bucket with the S3 API.', {
        endpoint: text('URL of the service.', { pattern: '^https?://' }),
        region: text('Region.'),
        bucket: text('Bucket.', { pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$' }),
        prefix: text('Folder in the bucket; the cluster\'s name when absent.'),
        credentials: dnsLabel('Secret in the control plane\'s namespace with keys `accessKeyId` and `secretAccessKey`.'),
      }, ['endpoint', 'bucket', 'credentials']),
      persistentVolumeClaim: object('A claim in the meta cluster.', {
        storageClass: dnsName('Storage class; the default one when absent.'),
        size: quantity('Size of the claim.'),
      }, ['size']),
    }),
  }, ['schedule', 'to']),
  Etcd: object('The cluster\'s own etcd.', {
    version: version('Version of etcd; follows from the Kubernetes minor when absent.'),
    image: text('Image with tag or digest, instead of the one that follows from registry and version.'),
    storage: ref('EtcdStorage'),
    members: list('State of each member, when one was replaced.', ref('EtcdMember'), { maxItems: 3 }),
    quota: quantity('Size at which etcd refuses writes.'),
    settings: mapOf('Keys of etcd\'s configuration file, by their own names; null takes a default one away.', {
      anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }, { type: 'null' }],
    }),
    resources: ref('Resources'),
    events: ref('EtcdEvents'),
    backup: ref('EtcdBackup'),
    withoutFinalSnapshot: text('Why nothing needs to be kept when the cluster goes. With `state: decommissioning`, a last snapshot goes to where `backup` keeps the others; without a `backup`, or to go without the snapshot, say the reason here.', { pattern: '\\S' }),
    defragmentation: object('Defragmentation on a schedule, one member at a time.', { schedule: cron('Five fields of cron, in UTC.') }, ['schedule']),
  }, ['storage']),
  ExternalDatastore: object('Anything that speaks the etcd v3 API: a shared etcd, KubeBrain, kine.', {
    endpoints: list('URLs.', text('A URL.', { pattern: '^https?://' }), { minItems: 1 }),
    prefix: text('Prefix of all keys. Never change it: the API server would find an empty store.', { pattern: '^/' }),
    credentials: dnsLabel('Secret in the control plane\'s namespace with keys `ca.crt`, `tls.crt` and `tls.key`. Needed for https.'),
    networks: list('Networks in which the endpoints are, for the network policy.', text('A network.', { format: 'cidr' })),
    compaction: oneOfTexts('Who compacts: the API server every five minutes, or the store itself.', ['apiserver', 'datastore']),
  }, ['endpoints']),
  Datastore: exactlyOne('Where the cluster\'s objects are kept, when not in an etcd of its own.', { external: ref('ExternalDatastore') }),
};
