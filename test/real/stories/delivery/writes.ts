import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MetaCluster } from '../../clusters/meta.ts';

/** Whoever writes is noted, and what; reads and what only asks are not. https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/ */
const POLICY = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'] }, { level: 'None' }],
};

/** Where the meta cluster's API server looks for it, as its definition says. */
export const AUDIT_FILES = { '/etc/kubernetes/pki/audit-policy.yaml': JSON.stringify(POLICY) };

/** A write that an API server has done. */
export interface Write {
  readonly verb: string;
  /** `deployments cp-alder/kube-apiserver`. */
  readonly object: string;
  readonly agent: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

interface AuditEvent {
  readonly kind: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly requestReceivedTimestamp: string;
  readonly objectRef?: { readonly resource: string; readonly subresource?: string; readonly namespace?: string; readonly name?: string };
  readonly responseStatus?: { readonly code: number };
}

/** What API servers have written for somebody since a moment: that of the meta cluster, or those in the namespace of a control plane. A dry run writes nothing. */
export function writesOf({ machines: [{ folder }] }: MetaCluster, agent: RegExp, since: number, namespace = 'kube-system'): Write[] {
  const events = logFiles(join(folder, 'log/pods'), namespace).flatMap((file) => readFileSync(file, 'utf8').split('\n').flatMap(eventIn));
  return events
    .filter(({ requestURI, userAgent = '', responseStatus }) => agent.test(userAgent) && !requestURI.includes('dryRun=All') && (responseStatus?.code ?? 0) < 300)
    .map(({ verb, objectRef, userAgent = '', requestReceivedTimestamp }) => ({
      verb, agent: userAgent, at: Date.parse(requestReceivedTimestamp),
      object: `${[objectRef?.resource, objectRef?.subresource].filter(Boolean).join('/')} ${[objectRef?.namespace, objectRef?.name].filter(Boolean).join('/')}`,
    }))
    .filter(({ at }) => at >= since);
}

const logFiles = (folder: string, namespace: string): string[] =>
  readdirSync(folder).filter((name) => name.startsWith(`${namespace}_kube-apiserver-`)).flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' }).filter((file) => /\.log(?:\.[\d-]+)?$/.test(file)).map((file) => join(folder, name, file)));

/** The runtime puts time, stream and a mark before each line. */
function eventIn(line: string): AuditEvent[] {
  const [, text] = /^\S+ stdout F (\{"kind":"Event".*\})$/.exec(line) ?? [];
  return text === undefined ? [] : [JSON.parse(text) as AuditEvent];
}
