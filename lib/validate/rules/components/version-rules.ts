import type { Problem } from '../../../problem.ts';
import { MINORS } from '../../../versions/minor.ts';
import { ETCD_ADVISORY, ETCD_RELEASES, RELEASES } from '../../../versions/releases.ts';
import { SKEWS, skewOf } from '../../../versions/skew.ts';
import { isAtLeast, minorText, parseVersion, supportedMinor } from '../../../versions/version.ts';
import { componentsOf, type ClusterRule } from '../../rule.ts';
import { error, quoted, warning, wordsOf } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';

/** Versions of Kubernetes and etcd, and how far components may be apart. */
export const VERSION_RULES: readonly ClusterRule[] = [
  (cluster) => unsupported(cluster.name, 'kubernetes', cluster.kubernetes),
  (cluster) => componentsOf(cluster).flatMap(({ path, given }) =>
    (given.version === undefined ? [] : unsupported(cluster.name, `${path}.version`, given.version))),
  componentSkew,
  etcdVersion,
];

/** A version of a minor whose flags and gates are not known here cannot be compiled for. */
export function unsupported(of: string, path: string, version: string): Problem[] {
  if (parseVersion(version) === null || supportedMinor(version) !== null) return [];
  return [error('version/unsupported', of, path, {
    what: `${path} is ${version}, of Kubernetes v${minorText(version)}.${didYouMean(minorText(version), MINORS)}`,
    why: 'flags, gates and defaults are known only for minors whose real binaries were asked for them.',
    fix: `choose a release of v${wordsOf(MINORS, 'or')}.`,
  })];
}

function componentSkew(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const [apiserver, ...others] = componentsOf(cluster);
  if (apiserver === undefined || parseVersion(apiserver.version) === null) return [];
  return others.filter(({ version }) => parseVersion(version) !== null).flatMap(({ binary, path, version }) => {
    const skew = skewOf(binary, version, apiserver.version);
    if (skew === 'allowed') return [];
    return [error('version/skew', cluster.name, `${path}.version`, {
      what: `${binary} ${version} is too ${skew === 'too-new' ? 'new' : 'old'} for kube-apiserver ${apiserver.version}.`,
      why: `${binary} may be ${SKEWS[binary].older} minor older than the API server, and never newer: it would ask for APIs that are not there.`,
      fix: `set ${path}.version to a release of v${minorText(apiserver.version)}, or remove it.`,
    })];
  });
}

function etcdVersion(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const { version } = cluster.etcd ?? {};
  if (version === undefined || parseVersion(version) === null) return [];
  const release = ETCD_RELEASES.find((candidate) => candidate.minor === minorText(version));
  const minor = supportedMinor(cluster.kubernetes);
  const paired = minor === null ? '' : `, or remove it to get ${RELEASES[minor].etcd}`;
  if (release === undefined || !isAtLeast(version, release.floor)) {
    return [error('etcd/unsupported', cluster.name, 'etcd.version', {
      what: `etcd ${quoted(version)} is not supported${release === undefined ? '' : `; the oldest release of ${release.minor} that is, is ${release.floor}`}.`,
      why: release === undefined ? 'only releases of minors that were started here with Kubernetes are claimed to work.' : `${release.because}.`,
      fix: `choose ${wordsOf(ETCD_RELEASES.map((known) => `${known.minor} from ${known.floor}`), 'or')}${paired}.`,
    })];
  }
  if (isAtLeast(version, release.secure)) return [];
  return [warning('etcd/insecure', cluster.name, 'etcd.version', {
    what: `etcd ${version} has a published hole (${ETCD_ADVISORY}).`,
    why: 'whoever reaches etcd may do what only the API server should.',
    fix: `choose ${release.secure} or newer${paired}.`,
  })];
}
