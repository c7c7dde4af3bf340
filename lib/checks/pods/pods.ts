import type { CheckCode } from '../advice.ts';
import { found, type Finding } from '../finding.ts';
import { dig, numberOf, textOf, wordOf } from '../objects/json.ts';
import { flagOf, podPath, runs, type Container, type PodTemplate } from './pod-templates.ts';
import { portsOf } from '../references/ports.ts';
import type { Scope } from '../scope.ts';

/** What is wrong with a Pod, each with its path; empty when nothing is. */
type PodRule = (template: PodTemplate) => readonly Fault[];
type ContainerRule = (container: Container, template: PodTemplate) => readonly Fault[];
type Fault = readonly [path: string, what: string];

/** Rules of the Pod. */
const POD_RULES: readonly (readonly [CheckCode, PodRule])[] = [
  ['pod/service-account-token', mustBe('automountServiceAccountToken', false)],
  ['pod/service-links', mustBe('enableServiceLinks', false)],
  ['pod/duplicate', duplicates],
];

/** Rules of each of its containers. */
const CONTAINER_RULES: readonly (readonly [CheckCode, ContainerRule])[] = [
  ['pod/writable-root', ({ spec, path }) =>
    dig(spec, 'securityContext', 'readOnlyRootFilesystem') === true ? [] : [[`${path}.securityContext.readOnlyRootFilesystem`, 'must be true']]],
  ['pod/no-requests', ({ spec, path }) =>
    (['cpu', 'memory'] as const).filter((resource) => dig(spec, 'resources', 'requests', resource) === undefined)
      .map((resource) => [`${path}.resources.requests.${resource}`, 'is missing'] as const)],
  ['pod/image-tag', ({ spec, path }) => (isPinned(textOf(spec['image']) ?? '') ? [] : [[`${path}.image`, `is \`${wordOf(spec['image'])}\`, which names no release`]])],
  ['pod/liveness-needs-etcd', livenessNeedsEtcd],
  ['pod/grace-too-short', graceTooShort],
];

/** Every Pod template is fit for a control plane that strangers talk to. */
export function checkPods(scope: Scope): Finding[] {
  return scope.templates.flatMap((template) => [
    ...POD_RULES.flatMap(([code, rule]) => rule(template).map(([path, what]) => found(code, template.from, path, what))),
    ...template.containers.flatMap((container) => CONTAINER_RULES.flatMap(([code, rule]) =>
      rule(container, template).map(([path, what]) => found(code, template.from, path, what)))),
  ]);
}

function mustBe(field: string, value: boolean): PodRule {
  return (template) => (template.spec[field] === value ? [] : [[podPath(template, field), `must be ${value}`]]);
}

/** A digest, or a tag that is not `latest`. The colon of a registry's port is before the last slash. */
function isPinned(image: string): boolean {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return true;
  const tag = /:([\w][\w.-]*)$/.exec(image.slice(image.lastIndexOf('/') + 1))?.[1];
  return tag !== undefined && tag !== 'latest';
}

/** Containers of one Pod share its network and its names. */
function duplicates(template: PodTemplate): Fault[] {
  const running = template.containers.filter(({ init, spec }) => !init || spec['restartPolicy'] === 'Always');
  const ports = running.flatMap((container) => portsOf(container).map((port) => ({ port, path: `${container.path}.ports` })));
  return [
    ...repeated(template.containers.map(({ name, path }) => [name, `${path}.name`, `is \`${name}\`, as is another container's`])),
    ...repeated(ports.map(({ port, path }) => [`${wordOf(port.number)}/${port.protocol}`, path, `has ${wordOf(port.number)}/${port.protocol} a second time in this Pod`])),
    ...repeated(ports.flatMap(({ port, path }) => (port.name === null ? [] : [[port.name, path, `has the name \`${port.name}\` a second time in this Pod`]]))),
  ];
}

function repeated(entries: readonly (readonly string[])[]): Fault[] {
  const seen = new Set<string>();
  return entries.flatMap(([key = '', path = '', what = '']) => {
    const before = seen.size;
    return seen.add(key).size > before ? [] : [[path, what] as const];
  });
}

function livenessNeedsEtcd(container: Container): Fault[] {
  const path = textOf(dig(container.spec, 'livenessProbe', 'httpGet', 'path'));
  if (path === null || !runs(container, 'kube-apiserver') || /^\/livez\/ping\b/.test(path)) return [];
  return /[?&]exclude=etcd\b/.test(path) ? [] : [[`${container.path}.livenessProbe.httpGet.path`, `is ${path}, which fails when etcd does`]];
}

/** Kubernetes' own answer when a Pod does not say. */
const DEFAULT_GRACE = 30;

function graceTooShort(container: Container, template: PodTemplate): Fault[] {
  if (!runs(container, 'kube-apiserver')) return [];
  const grace = numberOf(template.spec['terminationGracePeriodSeconds'], DEFAULT_GRACE);
  const busy = secondsOf(flagOf(container, 'shutdown-delay-duration') ?? '0s') + preStopSeconds(container);
  return grace > busy ? [] : [[podPath(template, 'terminationGracePeriodSeconds'), `is ${grace}, but shutting down begins only after ${busy} seconds`]];
}

function preStopSeconds(container: Container): number {
  const sleep = dig(container.spec, 'lifecycle', 'preStop', 'sleep', 'seconds');
  return typeof sleep === 'number' ? sleep : 0;
}

const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };

/** A duration as Go writes it: `1m10s`. */
function secondsOf(duration: string): number {
  return [...duration.matchAll(/([0-9.]+)(h|ms|m|s)/g)].reduce((sum, [, digits, unit]) => sum + Number(digits) * (UNITS[unit ?? ''] ?? 0), 0);
}
