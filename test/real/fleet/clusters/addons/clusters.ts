import { addon, defineCluster } from 'kubewright';
import { teams } from './teams.ts';

type Version = '1.0.0' | '2.0.0';

/** A folder of YAML: its definition, and objects of that kind, are in one commit. */
const greenhouse = (version: Version) => addon('greenhouse', {
  template: './greenhouse', version, namespace: 'greenhouse',
  parameters: { plants: 12, heated: true, labels: { 'greenhouse.test/side': 'north' } },
});

/** A chart of our own, as folders: what `sha256sum` says of each file, and of that list. */
const DIGESTS: Readonly<Record<Version, string>> = {
  '1.0.0': 'sha256:ebb7647c69919d5c8901aa5b3c22ccc746bad0f1a5a7d623ec4c343ab4d5e51f',
  '2.0.0': 'sha256:86fbe21fc88671a60cd48edf2b0cebfb72888c21c224ba17b33116c224e5e156',
};
const press = (version: Version) => addon('press', {
  chart: `./press-${version}`, digest: DIGESTS[version], version, namespace: 'press',
  values: { replicas: 2, titles: { front: 'News' } },
});

/** A construct, whose next version is a change of its parameters. */
const base = (version: Version) => addon('teams', {
  construct: teams, version,
  parameters: { teams: [version === '1.0.0' ? { name: 'forecast', cpu: '2', guests: ['survey'] } : { name: 'forecast', cpu: '4', guests: ['harvest'] }] },
});

const RELEASES = {
  none: [],
  first: [greenhouse('1.0.0'), press('1.0.0'), base('1.0.0')],
  second: [greenhouse('2.0.0'), press('2.0.0'), base('2.0.0')],
  ahead: [greenhouse('2.0.0')],
};

/** What each cluster has: the story changes these lines, as a person does. Nobody else waits for helm. */
const ADDONS = {
  addons: RELEASES.none,
  'addons-ahead': RELEASES.none,
};

const inside = (name: keyof typeof ADDONS, kubernetes: string, address: string) => defineCluster({
  name,
  meta: 'lab',
  kubernetes,
  mode: 'minimal',
  endpoint: { host: `api.${name}.test`, address, expose: { type: 'loadBalancer' } },
  network: { pods: '10.224.0.0/16', services: '10.225.0.0/20' },
  nodes: { access: { type: 'direct' } },
  // Nobody would serve it where there is no node, and a namespace does not end while an API is not served.
  metricsServer: { enabled: false },
  etcd: { storage: { emptyDir: {} } },
  addons: ADDONS[name],
});

export const extended = [inside('addons', '1.33.13', '10.239.0.151'), inside('addons-ahead', '1.36.3', '10.239.0.152')];
