import type { Problem } from '../../../problem.ts';
import { etcdSettings, type SettingType } from '../../../versions/etcd-settings.ts';
import { RELEASES } from '../../../versions/releases.ts';
import { supportedMinor } from '../../../versions/version.ts';
import type { ClusterRule } from '../../rule.ts';
import { error, shown } from '../../say.ts';
import { didYouMean } from '../../suggest.ts';
import { OWNED_ETCD_SETTINGS } from '../components/owned-flags.ts';

/** Keys that an author adds to etcd's configuration file. */
export const ETCD_SETTING_RULES: readonly ClusterRule[] = [ownedSettings, knownSettings];

function ownedSettings(...[{ name, etcd }]: Parameters<ClusterRule>): Problem[] {
  return Object.keys(etcd?.settings ?? {}).flatMap((setting) => {
    const owner = Object.hasOwn(OWNED_ETCD_SETTINGS, setting) ? OWNED_ETCD_SETTINGS[setting] : undefined;
    return owner === undefined ? [] : [error('etcd/owned-setting', name, `etcd.settings['${setting}']`, {
      what: `etcd.settings sets ${setting}, which follows from the rest of the definition.`,
      why: 'other manifests rely on its value: names, certificates, probes and volumes.',
      fix: owner,
    })];
  });
}

/** How a setting is written, by the type that etcd reads. */
const SETTING_KINDS: Readonly<Record<SettingType, { readonly fits: (value: unknown) => boolean; readonly words: string }>> = {
  text: { fits: (value) => typeof value === 'string', words: 'a text' },
  number: { fits: (value) => Number.isInteger(value), words: 'a whole number' },
  flag: { fits: (value) => typeof value === 'boolean', words: 'true or false' },
  nanoseconds: { fits: (value) => Number.isInteger(value), words: 'a whole number of nanoseconds: 5000000000 is five seconds' },
};

function knownSettings(...[cluster]: Parameters<ClusterRule>): Problem[] {
  const version = etcdVersionOf(cluster);
  const known = version === null ? null : etcdSettings(version);
  if (known === null) return [];
  const free = Object.entries(cluster.etcd?.settings ?? {}).filter(([setting]) => !Object.hasOwn(OWNED_ETCD_SETTINGS, setting));
  return free.flatMap(([setting, value]) => {
    const type = Object.hasOwn(known, setting) ? known[setting] : undefined;
    const at = `etcd.settings['${setting}']`;
    if (type === undefined) return [unknownSetting(cluster.name, at, setting, `${version}`, Object.keys(known))];
    const { fits, words } = SETTING_KINDS[type];
    return value === null || fits(value) ? [] : [error('etcd/bad-setting', cluster.name, at, {
      what: `${setting} of etcd is ${shown(value)}, and it takes ${words}.`,
      why: 'etcd stops when it reads a file with a value of another kind.',
      fix: `write ${words}.`,
    })];
  });
}

const unknownSetting = (of: string, at: string, setting: string, version: string, known: readonly string[]): Problem => error('etcd/unknown-setting', of, at, {
  what: `etcd ${version} has no setting ${setting}.${didYouMean(setting, known)}`,
  why: 'etcd ignores a key that it does not know, and says nothing.',
  fix: 'correct the name; https://etcd.io/docs lists the flags of each release, whose names are those of the file.',
});

/** The version that etcd will have; null when a rule of its own refuses what it follows from. */
function etcdVersionOf({ etcd, kubernetes }: Parameters<ClusterRule>[0]): string | null {
  const minor = supportedMinor(kubernetes);
  if (etcd?.version !== undefined) return /^3\.[56]\.\d+$/.test(etcd.version) ? etcd.version : null;
  return minor === null ? null : RELEASES[minor].etcd;
}
