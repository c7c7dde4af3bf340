import type { ApiServer, ClusterDefinition, Component, ExtraVolume, Scheduler } from '../model/definition.ts';
import type { JsonObject, ResolvedApiServer, ResolvedCluster, ResolvedComponent, ResolvedScheduler } from '../model/resolved.ts';
import type { ResolvedEndpoint, ResolvedExpose } from '../model/resolved-endpoint.ts';
import { PORTS } from '../model/names.ts';
import { factsOf } from '../versions/facts.ts';
import { minorOf } from '../versions/version.ts';
import { DEFAULTS } from '../model/defaults.ts';
import type { ImageResolver } from './images.ts';
import { resolveResources } from './resources.ts';

type Key = 'apiserver' | 'controllerManager' | 'scheduler';

const BINARIES = { apiserver: 'kube-apiserver', controllerManager: 'kube-controller-manager', scheduler: 'kube-scheduler' } as const;

/** API server, controller-manager and scheduler. */
export function resolveComponents(definition: ClusterDefinition, image: ImageResolver, endpoint: ResolvedEndpoint): ResolvedCluster['components'] {
  const given = definition.components ?? {};
  const resolved = (key: Key, component: Component | undefined): ResolvedComponent => resolveComponent(definition, key, component ?? {}, image);
  return {
    apiserver: resolveApiServer(given.apiserver ?? {}, resolved('apiserver', given.apiserver), endpoint),
    controllerManager: resolved('controllerManager', given.controllerManager),
    scheduler: resolveScheduler(given.scheduler ?? {}, resolved('scheduler', given.scheduler)),
  };
}

function resolveComponent(definition: ClusterDefinition, key: Key, given: Component, image: ImageResolver): ResolvedComponent {
  const version = given.version ?? definition.kubernetes;
  const minor = minorOf(version);
  const replicas = given.replicas ?? DEFAULTS.replicas[definition.mode];
  return {
    version,
    minor,
    image: given.image ?? image('registry.k8s.io', BINARIES[key], `v${version}`),
    replicas: definition.state === 'hibernated' ? 0 : replicas,
    args: given.args ?? {},
    featureGates: knownGates(definition.featureGates ?? {}, Object.keys(factsOf(minor).components[BINARIES[key]].gates)),
    resources: resolveResources(given.resources, DEFAULTS.resources[definition.mode][key]),
    extraVolumes: (given.extraVolumes ?? []).map(resolveVolume),
    env: given.env ?? [],
  };
}

/** A gate goes to every component that knows it: an unknown gate stops a process at its start. */
function knownGates(gates: Record<string, boolean>, known: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(Object.entries(gates).filter(([gate]) => known.includes(gate)));
}

const resolveVolume = (volume: ExtraVolume): Required<ExtraVolume> => ({ ...volume, readOnly: volume.readOnly ?? true });

function resolveApiServer(given: ApiServer, component: ResolvedComponent, { expose, port }: ResolvedEndpoint): ResolvedApiServer {
  const { autoscale } = given;
  return {
    ...component,
    autoscale: autoscale === undefined || component.replicas === 0 ? null : {
      min: autoscale.min, max: autoscale.max, cpu: autoscale.cpu ?? DEFAULTS.autoscale.cpu, memory: autoscale.memory ?? null,
      // Of one change, and not of what the cluster is: a record without it says no less.
      ...(autoscale.handover === undefined ? {} : { handover: autoscale.handover }),
    },
    runtimeConfig: given.runtimeConfig ?? {},
    drainSeconds: given.drainSeconds ?? drainOf(expose),
    // Clients that find Pods in the DNS reach them themselves.
    securePort: expose.type === 'dnsRoundRobin' ? port : PORTS.apiserver,
  };
}

/** As long as a definition may ask for. */
const LONGEST_DRAIN = 300;

/** Whoever finds Pods in the DNS goes on dialling one that stops until DNS and its resolver have forgotten it. */
const drainOf = (expose: ResolvedExpose): number =>
  (expose.type === 'dnsRoundRobin' ? Math.min(DEFAULTS.dnsIntervalSeconds + expose.ttl, LONGEST_DRAIN) : DEFAULTS.drainSeconds);

const resolveScheduler = (given: Scheduler, component: ResolvedComponent): ResolvedScheduler =>
  ({ ...component, profiles: (given.profiles ?? []) as JsonObject[] });
