import { found, type Finding } from '../finding.ts';
import { dig, objectsOf, textOf, type Json } from '../objects/json.ts';
import type { Container, PodTemplate } from '../pods/pod-templates.ts';
import type { Scope } from '../scope.ts';

const HANDLERS: readonly (readonly string[])[] = [
  ['livenessProbe', 'httpGet'], ['livenessProbe', 'tcpSocket'],
  ['readinessProbe', 'httpGet'], ['readinessProbe', 'tcpSocket'],
  ['startupProbe', 'httpGet'], ['startupProbe', 'tcpSocket'],
  ['lifecycle', 'preStop', 'httpGet'], ['lifecycle', 'postStart', 'httpGet'],
];

/** Ports that probes and hooks call by name are ports of the same container. */
export function checkPorts(scope: Scope): Finding[] {
  return scope.templates.flatMap((template) => template.containers.flatMap((container) => containerPorts(template, container)));
}

function containerPorts(template: PodTemplate, container: Container): Finding[] {
  const names = new Set(portsOf(container).map(({ name }) => name));
  return HANDLERS.flatMap((handler) => {
    const port = dig(container.spec, ...handler, 'port');
    if (typeof port !== 'string' || names.has(port)) return [];
    return [found('reference/port', template.from, `${container.path}.${handler.join('.')}.port`, `is \`${port}\`, but container \`${container.name}\` has no port of that name`)];
  });
}

/** A port that a container declares. */
export interface ContainerPort {
  readonly name: string | null;
  readonly number: Json;
  readonly protocol: string;
}

/** The ports that a container declares. */
export function portsOf({ spec }: Container): ContainerPort[] {
  return objectsOf(spec['ports']).map(({ name, containerPort, protocol }) => ({
    name: textOf(name), number: containerPort, protocol: textOf(protocol) ?? 'TCP',
  }));
}
