import type { Job } from 'kubernetes-types/batch/v1';
import type { ConfigMap } from 'kubernetes-types/core/v1';
import { digestOf } from '../../lib/constructs/digest.ts';
import { configMount, pkiFile, secretMount, trustFile, trustMount } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { podDefaults, requirementsOf, RESTRICTED } from '../../lib/constructs/pod.ts';
import { labelsOf, memberHost, memberName, memberServiceHost, PORTS, PRIORITY_CLASSES, TLS } from '../../lib/model/names.ts';
import type { EtcdSubject } from './config.ts';

const NAME = 'etcd-replacement';
const FOLDER = '/etc/etcd-replacement';

/**
 * Takes a member whose data is lost out of its etcd, and in again under the same name and URLs. This comes before the
 * member's new configuration, in a stage of its own: a member that starts empty while its old self is still on the list
 * takes that one's identity with an empty log, and panics (seen with 3.5 and 3.6).
 */
export function replacementObjects(subject: EtcdSubject): KubernetesObject[] {
  const { cluster, own } = subject;
  const replaced = own.members.flatMap(({ generation }, index) => (generation === 0 ? [] : [index]));
  if (replaced.length === 0 || cluster.state === 'hibernated') return [];
  return [script(subject), ...replaced.map((index) => replacementJob(subject, index))];
}

/**
 * POSIX shell, curl and nslookup against etcd's JSON gateway; etcd's own image has none of them. It may run at any time: a member that
 * answers, one that was put on the list already, and an etcd that is not there yet are left alone. So is one that is
 * only away: etcd itself keeps the generation that was taken in, since another template runs the Job again at any time. Only a DNS that says so
 * knows that a name is not there: one that is away, or has not read the Services yet, answers otherwise or not at all.
 */
const SCRIPT = `set -eu
call() { curl -sS --fail-with-body --max-time 10 --cacert "$CA" --cert "$CERT" --key "$KEY" "$@"; }
api() { call "$1/v3/cluster/member/$2" -d "$3"; }
keep() { call -o /dev/null "$1/v3/kv/put" -d "{\\"key\\":\\"$KEPT\\",\\"value\\":\\"$GENERATION\\"}"; }
unknown() { host=\${1#https://}; nslookup "\${host%:*}." 2>&1 | grep -q NXDOMAIN; }
known=no
for other in $OTHERS; do unknown "$other" || known=maybe; done
if [ "$known" = no ]; then echo "nobody knows $OTHERS: this etcd is not there yet, so nobody is replaced"; exit 0; fi
if call -o /dev/null "$SELF/health?serializable=true" 2>/dev/null; then keep "$SELF" || true; echo "$SELF answers: nothing to replace"; exit 0; fi
for other in $OTHERS; do
  call "$other/health" | grep -q '"health":"true"' || { echo "$other is not healthy: replacing a member now could lose the quorum"; exit 1; }
done
first=\${OTHERS%% *}
kept=$(call "$first/v3/kv/range" -d "{\\"key\\":\\"$KEPT\\"}")
case $kept in *"\\"value\\":\\"$GENERATION\\""*) echo "$SELF is away, but this generation was taken in before"; exit 0 ;; esac
list=$(api "$first" list '{"linearizable":true}')
row=$(printf '%s' "$list" | tr '{' '\\n' | grep -F "\\"$PEER\\"" || true)
id=$(printf '%s' "$row" | sed -n 's/.*"ID":"\\([0-9]*\\)".*/\\1/p')
name=$(printf '%s' "$row" | sed -n 's/.*"name":"\\([^"]*\\)".*/\\1/p')
if [ -n "$id" ] && [ -z "$name" ]; then keep "$first"; echo "member $id waits for its first start"; exit 0; fi
if [ -n "$id" ]; then echo "removing member $id"; api "$first" remove "{\\"ID\\":\\"$id\\"}" > /dev/null; fi
try=0
until api "$first" add "{\\"peerURLs\\":[\\"$PEER\\"]}"; do try=$((try + 1)); [ "$try" -lt 30 ] || exit 1; sleep 2; done
keep "$first"
`;

const script = ({ cluster, name }: EtcdSubject): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: `${name}-replacement`, namespace: cluster.namespace, labels: labelsOf(cluster.name, NAME) },
  data: { 'replace.sh': SCRIPT },
});

/** The template of a Job cannot be changed, so its digest is in the name: another template is another Job, and does nothing twice. */
function replacementJob(subject: EtcdSubject, index: number): Job {
  const { cluster, name, own } = subject;
  const labels = labelsOf(cluster.name, NAME);
  const template = { metadata: { labels }, spec: { ...podDefaults(cluster, PRIORITY_CLASSES.etcd), ...replacementPod(subject, index) } };
  const generation = own.members[index]?.generation ?? 0;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: `${name}-${index}-replacement-${generation}-${digestOf(template).slice(0, 8)}`, namespace: cluster.namespace, labels },
    spec: { backoffLimit: 20, activeDeadlineSeconds: 1800, template },
  };
}

/** etcd's JSON gateway takes keys and values so. */
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function replacementPod(subject: EtcdSubject, index: number) {
  const { cluster, name, own, etcd } = subject;
  const client = (member: number): string => `https://${memberServiceHost(cluster, name, member)}:${PORTS.etcdClient}`;
  const others = own.members.flatMap((_, member) => (member === index ? [] : [client(member)]));
  const mounts = [configMount(`${name}-replacement`, FOLDER), secretMount('etcd-maintenance'), trustMount(['etcd-ca'])];
  const environment = {
    CA: trustFile('etcd-ca'),
    CERT: pkiFile('etcd-maintenance', TLS.certificate),
    KEY: pkiFile('etcd-maintenance', TLS.key),
    GENERATION: base64(String(own.members[index]?.generation ?? 0)),
    KEPT: base64(`kubewright/${memberName(name, index)}/generation`),
    OTHERS: others.join(' '),
    PEER: `https://${memberHost(cluster, name, index)}:${PORTS.etcdPeer}`,
    SELF: client(index),
  };
  return {
    restartPolicy: 'Never',
    volumes: mounts.flatMap(({ volume }) => volume ?? []),
    containers: [{
      name: 'replace',
      image: cluster.images.curl,
      imagePullPolicy: cluster.images.pullPolicy,
      command: ['sh', `${FOLDER}/replace.sh`],
      env: Object.entries(environment).map(([key, value]) => ({ name: key, value })),
      resources: requirementsOf(etcd.upkeepResources),
      securityContext: RESTRICTED,
      volumeMounts: mounts.map(({ mount }) => mount),
    }],
  };
}
