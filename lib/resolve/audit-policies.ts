import type { ResolvedAudit } from '../model/resolved-security.ts';

/** Reads of these fill a log and tell nothing: kubelets and controllers make them all day. */
const NOISE = [
  { level: 'None', nonResourceURLs: ['/healthz*', '/livez*', '/readyz*', '/version', '/openapi/*', '/metrics'] },
  { level: 'None', resources: [{ group: 'coordination.k8s.io', resources: ['leases'] }] },
  { level: 'None', resources: [{ group: '', resources: ['events'] }, { group: 'events.k8s.io', resources: ['events'] }] },
] as const;

/** Bodies of these hold credentials. They are never recorded, whatever else is. */
const CREDENTIALS = {
  level: 'Metadata',
  resources: [
    { group: '', resources: ['secrets', 'configmaps', 'serviceaccounts/token'] },
    { group: 'authentication.k8s.io', resources: ['tokenreviews'] },
  ],
} as const;

const OMIT = ['RequestReceived'] as const;

/** Policies that are ready, by the name that a definition gives them. */
export const AUDIT_POLICIES: Readonly<Record<'none' | 'metadata' | 'writes', ResolvedAudit['policy']>> = {
  none: null,
  metadata: { rules: [...NOISE, { level: 'Metadata' }], omitStages: OMIT },
  writes: {
    rules: [...NOISE, CREDENTIALS, { level: 'Metadata', verbs: ['get', 'list', 'watch'] }, { level: 'Request' }],
    omitStages: OMIT,
  },
};
