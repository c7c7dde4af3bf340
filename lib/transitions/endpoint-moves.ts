import type { Problem } from '../problem.ts';
import { error } from '../validate/say.ts';
import { immutable } from './fixed-fields.ts';
import { changeOf, listAt, told, unlessApplied, valueAt, type Move, type MoveRule } from './move.ts';

/** Where machines dial the API server, and the one Service that they reach it by. A cluster that sleeps has both, too. */
export const ENDPOINT_MOVES: readonly MoveRule[] = [hostStays, portStays, inClusterStays, gatewayStays, serviceStays, classStays];

const exposeOf = (resolved: unknown): unknown => valueAt(resolved, 'endpoint.expose.type');

/** A new name may come when the former one goes on leading to API servers whose certificate has it. A gateway knows no second one. */
function hostStays(move: Move): Problem[] {
  const change = changeOf(move, 'endpoint.host');
  if (change === null) return [];
  if (exposeOf(move.after) === 'gateway') {
    return [immutable(move, { at: 'endpoint.host', why: 'every machine has the former name in its kubelet.conf, and the gateway leads there by one name only.', ...change })];
  }
  const was = told(change.was);
  const names = listAt(move.after, 'certificates.apiserverHosts.dnsNames');
  if (names.includes(was) || names.includes(`*${was.slice(was.indexOf('.'))}`)) return [];
  return [error('transition/immutable', move.of, 'endpoint.host', {
    what: `endpoint.host was ${was} and is ${told(change.is)} now, and the certificate has ${was} no longer.`,
    why: 'every machine has the former name in its kubelet.conf: none of them would trust the API server any more, and nothing could be changed on them through it.',
    fix: `add '${was}' to certificates.extraHosts, and keep it there and in DNS until no machine uses it. ${unlessApplied(move)}`,
  })];
}

/** What is dialled. Behind a balancer of its own a node port may change, for then it is not what stands here. */
function portStays(move: Move): Problem[] {
  const change = changeOf(move, 'endpoint.port');
  if (change === null) return [];
  const isNodePort = [move.before, move.after].every((side) => valueAt(side, 'endpoint.expose.nodePort') === valueAt(side, 'endpoint.port'));
  return [immutable(move, {
    at: isNodePort ? 'endpoint.expose.nodePort' : 'endpoint.port',
    why: 'every machine has the former port in its kubelet.conf, and would find nobody there.', ...change,
  })];
}

/** An agent is replaced node after node: until it is, it listens where it did, and asks for the name that it was told. */
function inClusterStays(move: Move): Problem[] {
  const isRenamed = changeOf(move, 'endpoint.host') !== null;
  return ['endpoint.expose.inCluster.address', ...(isRenamed ? [] : ['endpoint.expose.inCluster.host'])].flatMap((at) => {
    const change = changeOf(move, at);
    return change === null ? [] : [immutable(move, { at, why: 'Pods would lose the API server at once, and on each node until its agent is replaced.', ...change })];
  });
}

/** The Service `kubernetes` leads either to agents or past them, on all nodes at once; the agents come and go one by one. */
function gatewayStays(move: Move): Problem[] {
  const change = changeOf(move, 'endpoint.expose.type');
  if (change === null || ![change.was, change.is].includes('gateway')) return [];
  return [immutable(move, { at: 'endpoint.expose.type', why: 'Pods would lose the API server until the agents of their nodes have come, or when the proxies beside it have gone.', ...change })];
}

/** One Service either has an address of its own or leads to the Pods themselves. */
function serviceStays(move: Move): Problem[] {
  const change = changeOf(move, 'endpoint.expose.type');
  if (change === null || ![change.was, change.is].includes('dnsRoundRobin') || [change.was, change.is].includes('gateway')) return [];
  return [immutable(move, { at: 'endpoint.expose.type', why: 'the Service apiserver-external would get or lose its ClusterIP, and the API server refuses every change of that.', ...change })];
}

function classStays(move: Move): Problem[] {
  const change = changeOf(move, 'endpoint.expose.class');
  return change === null ? [] : [immutable(move, { at: 'endpoint.expose.class', why: 'the API server refuses every change of a Service\'s class.', ...change })];
}
