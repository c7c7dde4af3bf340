import { sha256 } from '../digest.ts';
import type { CertificateSpec, Contents } from '../plan.ts';

interface Field {
  readonly name: string;
  readonly delivery: boolean;
  readonly of: (spec: CertificateSpec) => readonly string[];
}

/** Fields of a spec by the words of the reader. `delivery` ones say where the key goes and stand in no certificate. */
const FIELDS: readonly Field[] = [
  { name: 'names', delivery: false, of: (spec) => spec.dnsNames },
  { name: 'addresses', delivery: false, of: (spec) => spec.ipAddresses },
  { name: 'usages', delivery: false, of: (spec) => spec.usages },
  { name: 'subject', delivery: false, of: (spec) => [`CN=${spec.commonName}`, ...spec.organizations.map((o) => `O=${o}`)] },
  { name: 'lifetime', delivery: false, of: (spec) => [`${spec.days} days`] },
  { name: 'authority', delivery: false, of: (spec) => [spec.issuer ?? 'itself'] },
  { name: 'Secret', delivery: true, of: ({ secret, namespace }) => [namespace === undefined ? secret : `${namespace}/${secret}`] },
  { name: 'contents of the Secret', delivery: true, of: ({ contents }) => describeContents(contents) },
  { name: 'delivery of the key', delivery: true, of: (spec) => [spec.sealed ? 'sealed' : 'in the keystore only'] },
];

/** Each value by its key and a digest: `kubeconfig (6f1a09)`. */
export const describeContents = (contents: Contents | undefined): string[] =>
  Object.entries(contents ?? {}).map(([key, text]) => `${key} (${sha256(text).slice(0, 6)})`);

/** One field in which a certificate is not what the definition asks for. */
export interface SpecDifference {
  readonly field: string;
  readonly delivery: boolean;
  /** `names: adds a.example.com; drops b.example.com` */
  readonly text: string;
}

/** Where two specs differ. The order of names and addresses means nothing. */
export function specDifferences(issued: CertificateSpec, wanted: CertificateSpec): SpecDifference[] {
  return FIELDS.flatMap(({ name, delivery, of }) => {
    const [before, after] = [of(issued), of(wanted)];
    const adds = after.filter((value) => !before.includes(value));
    const drops = before.filter((value) => !after.includes(value));
    const changes = [...describe('adds', adds), ...describe('drops', drops)];
    return changes.length === 0 ? [] : [{ field: name, delivery, text: `${name}: ${changes.join('; ')}` }];
  });
}

function describe(verb: string, values: readonly string[]): string[] {
  return values.length === 0 ? [] : [`${verb} ${values.join(', ')}`];
}
