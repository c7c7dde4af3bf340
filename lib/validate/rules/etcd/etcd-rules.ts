import type { ClusterDefinition, EtcdStorage } from '../../../model/definition.ts';
import type { Problem, ProblemCode } from '../../../problem.ts';
import { bytesQuantity, quantityValue } from '../../../units.ts';
import { DEFAULTS } from '../../../model/defaults.ts';
import { cronFault } from './cron.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error, quoted, warning } from '../../say.ts';

/** The cluster's own etcd, or somebody else's. */
export const ETCD_RULES: readonly ClusterRule[] = [
  etcdOrDatastore, memberCount, hostsFit, volatile, quotaFits, neverShrinks, backupSchedule, finalSnapshot, defragmentationSchedule, eventsApart, credentials, endpointsFit,
];

/** An etcd's storage, and where its settings stand: the cluster's own, and the one for events. */
interface StoragePlace {
  readonly path: string;
  readonly storage: EtcdStorage;
  readonly quota: string | undefined;
  readonly assumed: string;
}

/** Every etcd of a cluster that keeps data somewhere. */
export function storagesOf({ etcd }: ClusterDefinition): StoragePlace[] {
  if (etcd === undefined) return [];
  const own = { path: 'etcd', storage: etcd.storage, quota: etcd.quota, assumed: DEFAULTS.quota };
  if (etcd.events === undefined) return [own];
  return [own, { path: 'etcd.events', storage: etcd.events.storage, quota: etcd.events.quota, assumed: DEFAULTS.eventsQuota }];
}

function etcdOrDatastore(...[{ name, etcd, datastore }]: Parameters<ClusterRule>): Problem[] {
  if ((etcd === undefined) !== (datastore === undefined)) return [];
  return [error('etcd/or-datastore', name, etcd === undefined ? 'etcd' : 'datastore', etcd === undefined ? {
    what: 'the cluster has neither etcd nor datastore.',
    why: 'the API server has nowhere to keep anything.',
    fix: 'add etcd.storage for an etcd of its own, or datastore.external for somebody else\'s.',
  } : {
    what: 'the cluster has both etcd and datastore.',
    why: 'the API server keeps its objects in one place; the other would stay empty.',
    fix: 'remove the one that is not meant.',
  })];
}

/** Members of the main etcd, and of the one for events. */
function memberCount(...[{ name, mode, etcd }]: Parameters<ClusterRule>): Problem[] {
  const count = DEFAULTS.replicas[mode];
  const lists = [['etcd.members', etcd?.members], ['etcd.events.members', etcd?.events?.members]] as const;
  if (count === undefined) return [];
  return lists.flatMap(([at, members = []]) => [
    ...(members.length > count ? [tooManyMembers(name, at, members.length, mode, count)] : []),
    ...(count === 1 && (members[0]?.generation ?? 0) > 0 ? [loneMember(name, at)] : []),
  ]);
}

const tooManyMembers = (of: string, at: string, given: number, mode: string, count: number): Problem => error('etcd/members', of, at, {
  what: `${at} has ${given} entries, but a cluster of mode ${mode} has ${count} ${count === 1 ? 'member' : 'members'}.`,
  why: 'each entry is the state of one member, in order.',
  fix: `keep at most ${count}, or choose mode standard.`,
});

const loneMember = (of: string, at: string): Problem => error('etcd/members', of, `${at}[0].generation`, {
  what: `${at} replaces the only member that there is.`,
  why: 'a new member copies its data from others; with none the cluster would begin empty.',
  fix: 'leave the generation as it is, and restore a snapshot into the member\'s volume.',
});

function hostsFit(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const count = DEFAULTS.replicas[cluster.mode];
  return storagesOf(cluster).flatMap(({ path, storage }) => (['local', 'hostPath'] as const).flatMap((kind) => {
    const hosts = storage[kind]?.hosts;
    if (hosts === undefined || count === undefined) return [];
    const at = `${path}.storage.${kind}.hosts`;
    const repeated = repeatsOf(hosts).map(({ index, value }) => error('etcd/hosts', cluster.name, `${at}[${index}]`, {
      what: `host ${value} stands twice in ${at}.`,
      why: 'two members on one host are lost together, and with them the majority.',
      fix: 'name a different host for each member.',
    }));
    return hosts.length === count ? repeated : [...repeated, error('etcd/hosts', cluster.name, at, {
      what: `${at} has ${hosts.length} ${hosts.length === 1 ? 'host' : 'hosts'}, but a cluster of mode ${cluster.mode} has ${count} etcd ${count === 1 ? 'member' : 'members'}.`,
      why: 'each member\'s volume is bound to one host, in order.',
      fix: `name ${count} ${count === 1 ? 'host' : 'hosts'}.`,
    })];
  }));
}

/** Seen with 3.5 and 3.6: a member that starts empty while its peers know it ends with "already been bootstrapped". */
function volatile(...[cluster]: Parameters<ClusterRule>): Problem[] {
  if (cluster.mode !== 'standard') return [];
  return storagesOf(cluster).filter(({ storage }) => storage.emptyDir !== undefined).map(({ path }) => warning('etcd/volatile', cluster.name, `${path}.storage.emptyDir`, {
    what: `${path} of a cluster in mode standard keeps its data in an emptyDir.`,
    why: 'a member whose Pod is replaced has lost its data, and its peers refuse it until its generation is raised: an update of the members stops at the first, and when two are lost the quorum is gone.',
    fix: 'use a claimTemplate, local or hostPath volume, or mode minimal for a test.',
  }));
}

/** What the volume may hold, with the field that says so. A folder of the host is not limited. */
function volumeOf({ claimTemplate, local, emptyDir }: EtcdStorage): { field: string; size: string } | null {
  if (claimTemplate !== undefined) {
    const { size, requestedSize } = claimTemplate;
    return { field: requestedSize === undefined ? 'claimTemplate.size' : 'claimTemplate.requestedSize', size: requestedSize ?? size };
  }
  if (local !== undefined) return { field: 'local.size', size: local.size };
  return emptyDir === undefined ? null : { field: 'emptyDir.sizeLimit', size: emptyDir.sizeLimit ?? DEFAULTS.emptyDirSize };
}

function quotaFits(...[cluster]: Parameters<ClusterRule>): Problem[] {
  return storagesOf(cluster).flatMap(({ path, storage, quota, assumed }) => {
    const volume = volumeOf(storage);
    const [bytes, room] = [quantityValue(quota ?? assumed), quantityValue(volume?.size ?? '')];
    if (volume === null || !(room < 2 * bytes)) return [];
    const say = room < bytes ? error : warning;
    return [say('etcd/quota-larger-than-volume', cluster.name, `${path}.quota`, {
      what: `${path}.quota is ${quota ?? `${assumed} by default`}, and its volume has ${volume.size}.`,
      why: room < bytes
        ? 'etcd fills the volume before it refuses writes, and a full volume stops it for good.'
        : 'defragmentation and the write-ahead log need as much room again as the data.',
      fix: `set ${path}.quota to ${bytesQuantity(Math.floor(room / 2))} or less, or ${path}.storage.${volume.field} to ${bytesQuantity(2 * bytes)} or more.`,
    })];
  });
}

function neverShrinks(...[cluster]: Parameters<ClusterRule>): Problem[] {
  return storagesOf(cluster).flatMap(({ path, storage: { claimTemplate } }) => {
    const { size = '', requestedSize = size } = claimTemplate ?? {};
    if (!(quantityValue(requestedSize) < quantityValue(size))) return [];
    return [error('etcd/shrink', cluster.name, `${path}.storage.claimTemplate.requestedSize`, {
      what: `requestedSize ${requestedSize} is less than size ${size}.`,
      why: 'Kubernetes refuses to shrink a claim.',
      fix: `write ${size} or more, or remove requestedSize.`,
    })];
  });
}

const scheduleProblem = (code: ProblemCode, of: string, path: string, schedule: string | undefined): Problem[] => {
  const fault = schedule === undefined ? null : cronFault(schedule);
  return fault === null || schedule === undefined ? [] : [error(code, of, path, {
    what: `${path} ${quoted(schedule)} ${fault}.`,
    why: 'the API server would refuse the CronJob, and nothing would ever run.',
    fix: 'write minute, hour, day of the month, month and day of the week, for example 15 */6 * * *.',
  })];
};

function backupSchedule(...[{ name, etcd }]: Parameters<ClusterRule>): Problem[] {
  return scheduleProblem('backup/schedule', name, 'etcd.backup.schedule', etcd?.backup?.schedule);
}

/** What etcd holds is gone with its volumes, and whoever lets it go has said so. */
function finalSnapshot(...[{ name, state, etcd }]: Parameters<ClusterRule>): Problem[] {
  if (state !== 'decommissioning' || etcd === undefined || etcd.backup !== undefined || etcd.withoutFinalSnapshot !== undefined) return [];
  return [error('etcd/final-snapshot', name, 'state', {
    what: 'the cluster is about to go, and nothing says where its last snapshot is kept.',
    why: 'what etcd holds is lost when its volumes are.',
    fix: 'add etcd.backup; or, when nothing of it is needed, etcd.withoutFinalSnapshot with the reason.',
  })];
}

function defragmentationSchedule(...[{ name, etcd }]: Parameters<ClusterRule>): Problem[] {
  return scheduleProblem('etcd/defragmentation-schedule', name, 'etcd.defragmentation.schedule', etcd?.defragmentation?.schedule);
}

function eventsApart(...[{ name, etcd }]: Parameters<ClusterRule>): Problem[] {
  const [own, events] = [folderOf(etcd?.storage), folderOf(etcd?.events?.storage)];
  const host = own.path === events.path ? events.hosts.find((candidate) => own.hosts.includes(candidate)) : undefined;
  return host === undefined ? [] : [error('etcd/events-volume', name, `etcd.events.storage.${events.kind}.path`, {
    what: `both etcds of the cluster keep their data in ${events.path} on ${host}.`,
    why: 'each would find the other\'s data, and refuse to start or destroy it.',
    fix: 'choose another folder for events.',
  })];
}

/** The folder on its hosts in which an etcd keeps its data, whatever slash ends it; no hosts for the other kinds. */
function folderOf(storage: EtcdStorage | undefined): { readonly kind: 'local' | 'hostPath'; readonly path: string; readonly hosts: readonly string[] } {
  const kind = storage?.local === undefined ? 'hostPath' : 'local';
  const { path = '', hosts = [] } = storage?.[kind] ?? {};
  return { kind, path: path.replace(/(.)\/+$/, '$1'), hosts };
}

function credentials(...[{ name, datastore }]: Parameters<ClusterRule>): Problem[] {
  const { endpoints = [], credentials: secret } = datastore?.external ?? {};
  const secure = endpoints.find((endpoint) => endpoint.startsWith('https://'));
  if (secure === undefined || secret !== undefined) return [];
  return [error('datastore/credentials', name, 'datastore.external.credentials', {
    what: `${quoted(secure)} is reached over https, and credentials is missing.`,
    why: 'the API server could neither verify the datastore nor show who it is.',
    fix: 'add the name of a Secret with ca.crt, tls.crt and tls.key.',
  })];
}

function endpointsFit(...[{ name, datastore }]: Parameters<ClusterRule>): Problem[] {
  const endpoints = datastore?.external?.endpoints ?? [];
  const path = 'datastore.external.endpoints';
  const schemes = new Set(endpoints.map((endpoint) => endpoint.split(':')[0]));
  const mixed = schemes.size < 2 ? [] : [error('datastore/endpoints', name, path, {
    what: `${path} mixes http and https.`,
    why: 'the API server uses its certificate for all of them or for none.',
    fix: 'use https for all.',
  })];
  return [...mixed, ...endpoints.flatMap((endpoint, index) => (isPlainUrl(endpoint) ? [] : [error('datastore/endpoints', name, `${path}[${index}]`, {
    what: `${path}[${index}] is not a scheme, a host and a port alone.`,
    why: 'etcd clients take nothing else, and a password in a URL would be readable in every manifest.',
    fix: 'write it as https://store.example.com:2379.',
  })]))];
}

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, pathname, search, hash } = new URL(text);
  return `${username}${password}${search}${hash}` === '' && pathname === '/' && !text.endsWith('/');
}
