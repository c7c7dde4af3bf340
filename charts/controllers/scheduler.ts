import { restartOn } from '../../lib/constructs/digest.ts';
import { always, switchesOf, type Flag } from '../../lib/constructs/flags.ts';
import { configFile } from '../../lib/constructs/mounts.ts';
import type { KubernetesObject } from '../../lib/constructs/place.ts';
import { probe } from '../../lib/constructs/pod.ts';
import { toYaml } from '../../lib/yaml/serialize.ts';
import { PORTS } from '../../lib/model/names.ts';
import type { JsonValue } from '../../lib/model/manifest.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import { RELEASES } from '../../lib/versions/releases.ts';
import { commonFlags, controllerObjects, KUBECONFIG } from './controller.ts';
import { componentKubeconfig } from './kubeconfig.ts';

const NAME = 'kube-scheduler';

/** Every argument of kube-scheduler; the rest is in its configuration file, because flags beside it are ignored. */
export const SCHEDULER_FLAGS: readonly Flag<ResolvedCluster>[] = [
  ...commonFlags(KUBECONFIG, 'scheduler', PORTS.scheduler),
  always('config', configFile('config.yaml')),
  { name: 'feature-gates', value: ({ components }) => switchesOf(components.scheduler.featureGates) },
];

function configuration({ components: { scheduler } }: ResolvedCluster): JsonValue {
  return {
    apiVersion: RELEASES[scheduler.minor].configApis.KubeSchedulerConfiguration,
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig: KUBECONFIG, qps: 100, burst: 200 },
    enableProfiling: false,
    leaderElection: { leaderElect: true },
    ...(scheduler.profiles.length === 0 ? {} : { profiles: scheduler.profiles as JsonValue }),
  };
}

const PROBES = {
  startupProbe: probe('/livez', 'https', 'HTTPS', { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 }),
  livenessProbe: probe('/livez', 'https', 'HTTPS', { periodSeconds: 10, timeoutSeconds: 15, failureThreshold: 8 }),
  readinessProbe: probe('/readyz', 'https', 'HTTPS', { periodSeconds: 2, timeoutSeconds: 15, failureThreshold: 3 }),
} as const;

/** kube-scheduler, with the author's profiles. */
export function schedulerObjects(cluster: ResolvedCluster): KubernetesObject[] {
  const config = {
    'kubeconfig.yaml': componentKubeconfig(cluster, 'system:kube-scheduler', 'scheduler', cluster.components.scheduler.minor),
    'config.yaml': toYaml(configuration(cluster)),
  };
  return controllerObjects(cluster, {
    name: NAME,
    secret: 'scheduler',
    component: ({ components }) => components.scheduler,
    port: PORTS.scheduler,
    probes: PROBES,
    flags: SCHEDULER_FLAGS,
    config: () => config,
    secrets: [],
    restartOn: restartOn('config', config['config.yaml']),
  });
}
