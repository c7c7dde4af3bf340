import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { configFiles } from '../../charts/apiserver/config-files.ts';
import type { ResolvedCluster } from '../../lib/model/resolved.ts';
import type { Minor } from '../../lib/versions/minor.ts';

const RECORD = new URL('../../dist/records/search-prod.json', import.meta.url);
const cluster = (JSON.parse(readFileSync(RECORD, 'utf8')) as { readonly resolved: ResolvedCluster }).resolved;

/** The cluster as it is committed, with API servers that have a version of their own. */
function withApiServers(minor: Minor): ResolvedCluster {
  return { ...cluster, components: { ...cluster.components, apiserver: { ...cluster.components.apiserver, minor } } };
}

test.for([
  { minor: '1.34', apiVersion: 'apiserver.config.k8s.io/v1beta1' },
  { minor: '1.35', apiVersion: 'apiserver.config.k8s.io/v1' },
] as const)('API servers of $minor read files of $apiVersion, whatever the cluster is', ({ minor, apiVersion }) => {
  const kinds = Object.values(configFiles(withApiServers(minor))).map((text) => parse(text) as { readonly apiVersion: string; readonly kind: string });
  expect(kinds.find(({ kind }) => kind === 'AuthenticationConfiguration')?.apiVersion).toBe(apiVersion);
});
