import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildFleet, checkFleet } from '../../lib/build/run.ts';
import { issueLocks, opened, writeDefinitions } from '../support/fleets.ts';
import { temporaryFolder } from '../support/folders.ts';

const clusterOf = (state: string): string => `export const small = defineCluster({
  name: 'small', state: '${state}', meta: 'meta', kubernetes: '1.36.3', mode: 'minimal',
  endpoint: { host: 'api.small.example.com', address: '10.20.0.11', expose: { type: 'loadBalancer' } },
  network: { pods: '10.64.0.0/14', services: '10.32.0.0/16' },
  etcd: { storage: { emptyDir: { sizeLimit: '4Gi' } }, quota: '2Gi', withoutFinalSnapshot: 'nothing was ever in it' },
});`;

/** A fleet with or without a mirror, and with or without its one cluster. */
const fleetOf = (images: string, clusters: string, state: string): string => `import { defineCluster, defineFleet } from 'kubewright';
import { meta } from './meta.ts';
${clusterOf(state)}
export const fleet = defineFleet({ name: 'mirrored', metaClusters: [meta], clusters: [${clusters}], sealing: { certificate: 'sealing.pem' }, images: ${images} });
`;

const MIRRORED = `{ mirrors: { 'docker.io': 'mirror.example.com/hub' } }`;
const HOSTS = 'containerd/certs.d/docker.io/hosts.toml';
const ON_CLUSTER = `meta/clusters/small/machine/${HOSTS}`;
const DROP_IN = 'meta/clusters/small/machine/containerd/conf.d/kubewright.toml';

test('files of machines are compared, and go with what they were made from', async () => {
  const root = temporaryFolder();
  const build = async (images: string, clusters: string, state = 'running') => {
    writeDefinitions(root, { 'fleet.ts': fleetOf(images, clusters, state) });
    await issueLocks(await opened(root));
    return (await buildFleet(await opened(root), () => undefined)).report;
  };

  const first = await build(MIRRORED, 'small');
  expect(first?.written).toEqual(expect.arrayContaining([ON_CLUSTER, DROP_IN, `meta/bootstrap/${HOSTS}`, 'meta/bootstrap/containerd/conf.d/kubewright.toml']));

  appendFileSync(join(root, 'dist', ON_CLUSTER), '# by hand\n');
  const checked = await checkFleet(await opened(root), () => undefined);
  expect(checked.report?.edited).toEqual([ON_CLUSTER]);

  expect((await build('{}', 'small'))?.removed).toEqual([`meta/bootstrap/${HOSTS}`, ON_CLUSTER]);
  await build('{}', 'small', 'decommissioning');
  expect((await build('{}', ''))?.removed).toContain(DROP_IN);
  expect(existsSync(join(root, 'dist/meta/clusters'))).toBe(false);
});
