import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ClusterDefinition, Delivery, MetaClusterDefinition } from '../../lib/model/definition.ts';
import { planOf } from '../../lib/pki/certificates.ts';
import { canonicalJson } from '../../lib/pki/digest.ts';
import { issueCertificates } from '../../lib/pki/issuing/issue.ts';
import { serializeLock } from '../../lib/pki/lock.ts';
import type { PkiPlan } from '../../lib/pki/plan.ts';
import { metaView, resolve } from '../../lib/resolve/resolve.ts';
import { seededEntropy, testSealing } from '../support/pki.ts';
import { clusterDefinition, metaClusters, nameOf } from './definitions.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const NOW = new Date('2026-01-01T00:00:00Z');
const RECIPIENT = 'age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj';

/** Locks take a tenth of a second each to make, so they are kept outside the checkout, by all that they follow from. */
const CACHE = process.env['KUBEWRIGHT_CACHE'] ?? join(homedir(), '.cache', 'kubewright');

/** Both tools: an Application a part, a Kustomization a stage, and how each cluster is reached. */
export const DELIVERED: Delivery = { tool: 'both', repository: 'https://git.example.com/fleet.git', branch: 'main' };

/** Writes a whole fleet below a folder: definitions, certificates, no `dist/`. */
export async function writeFleet(root: string, count: number, delivery?: Delivery): Promise<void> {
  const metas = metaClusters(count);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  for (const meta of metas) writeDefinition(root, meta.name, 'meta.ts', `defineMetaCluster(${literal(meta)})`, 'defineMetaCluster');
  for (let number = 0; number < count; number++) await writeCluster(root, clusterDefinition(number), metas, delivery);
  writeFileSync(join(root, 'clusters', 'sealing.pem'), testSealing().certificatePem);
  writeFleetFile(root, metas, Array.from({ length: count }, (_, number) => nameOf(number)), delivery);
}

/** One more cluster, for which nothing was issued. Returns its name. */
export async function addCluster(root: string, count: number): Promise<string> {
  const metas = metaClusters(count);
  const definition = { ...clusterDefinition(count), meta: metas[0]?.name ?? '' };
  writeDefinition(root, definition.name, 'cluster.ts', `defineCluster(${literal(definition)})`, 'defineCluster');
  writeFleetFile(root, metas, Array.from({ length: count + 1 }, (_, number) => nameOf(number)));
  return definition.name;
}

/** The file that lists every cluster. */
function writeFleetFile(root: string, metas: readonly MetaClusterDefinition[], clusters: readonly string[], delivery?: Delivery): void {
  const imports = [
    ...metas.map(({ name }) => `import { it as ${identifier(name)} } from './${name}/meta.ts';`),
    ...clusters.map((name) => `import { it as ${identifier(name)} } from './${name}/cluster.ts';`),
  ];
  const fleet = `defineFleet({
  name: 'bench',
  metaClusters: [${metas.map(({ name }) => identifier(name)).join(', ')}],
  clusters: [${clusters.map(identifier).join(', ')}],
  ${delivery === undefined ? '' : `delivery: ${JSON.stringify(delivery)},`}
  sealing: { certificate: 'sealing.pem' },
  keystore: { recipients: ['${RECIPIENT}'] },
})`;
  writeFileSync(join(root, 'clusters', 'fleet.ts'), `import { defineFleet } from 'kubewright';\n${imports.join('\n')}\n\nexport const fleet = ${fleet};\n`);
}

const identifier = (name: string): string => name.replaceAll('-', '_');
const literal = (definition: object): string => JSON.stringify(definition, null, 2).replaceAll(/"([A-Za-z]\w*)":/g, '$1:');

/** A definition's file, formatted as a person would. */
function writeDefinition(root: string, name: string, file: string, text: string, define: string): void {
  mkdirSync(join(root, 'clusters', name), { recursive: true });
  writeFileSync(join(root, 'clusters', name, file), `import { ${define} } from 'kubewright';\n\nexport const it = ${text};\n`);
}

async function writeCluster(root: string, definition: ClusterDefinition, metas: readonly MetaClusterDefinition[], delivery?: Delivery): Promise<void> {
  writeDefinition(root, definition.name, 'cluster.ts', `defineCluster(${literal(definition)})`, 'defineCluster');
  const meta = metas.find(({ name }) => name === definition.meta);
  if (meta === undefined) throw new Error(`${definition.name} has no meta cluster`);
  const lock = await lockOf(planOf(resolve(definition, { meta: metaView(meta), images: undefined, delivery })));
  writeFileSync(join(root, 'clusters', definition.name, 'pki.lock.yaml'), lock);
}

async function lockOf(plan: PkiPlan): Promise<string> {
  const folder = join(CACHE, `bench-${issuerDigest()}`);
  const path = join(folder, `${digest(canonicalJson(plan))}.yaml`);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const context = { now: NOW, entropy: seededEntropy(plan.cluster), sealing: testSealing().sealing, recipients: [RECIPIENT] };
  const result = await issueCertificates(plan, null, null, context);
  if (!result.ok) throw new Error(result.problems.map(({ what }) => what).join('\n'));
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.new`, serializeLock(result.lock));
  renameSync(`${path}.new`, path);
  return readFileSync(path, 'utf8');
}

let issuer: string | undefined;

/** Changes when what issues certificates does. */
function issuerDigest(): string {
  const folders = ['lib/pki/issuing', 'test/support'].map((folder) => join(ROOT, folder));
  const files = folders.flatMap((folder) => readdirSync(folder).sort().map((file) => join(folder, file)));
  issuer ??= digest(...files.filter((file) => file.endsWith('.ts')).map((file) => readFileSync(file, 'utf8')));
  return issuer;
}

const digest = (...parts: readonly string[]): string => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);

/** The text of a cluster's lock. */
export const readLock = (root: string, cluster: string): string => readFileSync(join(root, 'clusters', cluster, 'pki.lock.yaml'), 'utf8');
