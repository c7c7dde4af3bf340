import { k8s } from 'cdk8s-plus-27';
import { RESTRICTED } from '../../lib/constructs/pod.ts';
import { PRIORITY_CLASSES } from '../../lib/model/names.ts';
import type { ResolvedMetaCluster } from '../../lib/model/resolved-meta.ts';
import { isAtLeast } from '../../lib/versions/version.ts';
import { SEALED_SECRETS_NAME } from './sealed-secrets-names.ts';

/** The controller that was asked for. */
export type SealedSecretsController = NonNullable<ResolvedMetaCluster['platform']['sealedSecrets']>;

/** The user of upstream's image. */
const USER_ID = 1001;

/**
 * No new key every 30 days: the fleet is sealed to the one certificate that it names. A new key is a decision, made by adding
 * its Secret; keys of before stay, with renewal and without, and open what was sealed to them. On a first start without any
 * key the controller still makes one: put the fleet's own there before.
 */
const KEYS = '--key-renew-period=0';

/**
 * Its client's own 5 requests a second open about 2 Secrets a second: a first start, or one after a restart, would keep a
 * fleet of control planes waiting for hours. The API server's priority and fairness protects itself.
 */
const CLIENT = ['--kubeclient-qps=50', '--kubeclient-burst=100'];

/** Releases before 0.34 end on flags that they do not know: https://github.com/bitnami/sealed-secrets/pull/1834 */
const argumentsOf = (version: string): string[] => [KEYS, ...(isAtLeast(version, '0.34.0') ? CLIENT : [])];

/** Recreate: controllers elect no leader, and two that start in an empty namespace would make two keys. */
export function controllerSpec(meta: ResolvedMetaCluster, controller: SealedSecretsController, labels: Record<string, string>): k8s.DeploymentSpec {
  return {
    replicas: 1,
    revisionHistoryLimit: 3,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { 'app.kubernetes.io/name': SEALED_SECRETS_NAME } },
    template: { metadata: { labels }, spec: podSpec(meta, controller) },
  };
}

/** The one Pod here with a token: it reads SealedSecrets and writes Secrets. */
function podSpec(meta: ResolvedMetaCluster, controller: SealedSecretsController): k8s.PodSpec {
  return {
    serviceAccountName: SEALED_SECRETS_NAME,
    automountServiceAccountToken: true,
    enableServiceLinks: false,
    priorityClassName: PRIORITY_CLASSES.controlPlane,
    ...(meta.images.pullSecrets.length > 0 ? { imagePullSecrets: meta.images.pullSecrets.map((name) => ({ name })) } : {}),
    securityContext: {
      runAsNonRoot: true, runAsUser: USER_ID, runAsGroup: USER_ID, fsGroup: 65534, seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(meta, controller)],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
}

function container(meta: ResolvedMetaCluster, { image, version }: SealedSecretsController): k8s.Container {
  const probe = { httpGet: { path: '/healthz', port: k8s.IntOrString.fromString('http') } };
  return {
    name: 'controller',
    image,
    imagePullPolicy: meta.images.pullPolicy,
    command: ['controller'],
    args: argumentsOf(version),
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }, { name: 'metrics', containerPort: 8081, protocol: 'TCP' }],
    livenessProbe: probe,
    readinessProbe: probe,
    resources: resources(),
    securityContext: RESTRICTED,
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
}

/** The limit has room for its cache, which holds every Secret of the meta cluster. */
function resources(): k8s.ResourceRequirements {
  const { fromString } = k8s.Quantity;
  return {
    requests: { cpu: fromString('50m'), memory: fromString('128Mi') },
    limits: { memory: fromString('1Gi') },
  };
}
