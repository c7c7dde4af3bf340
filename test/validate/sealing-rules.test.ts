import { expect, test } from 'vitest';
import type { FleetDefinition } from '../../lib/model/definition.ts';
import { sealingRules } from '../../lib/validate/rules/fleet/sealing-rules.ts';

type Given = Pick<FleetDefinition, 'sealing' | 'delivery'>;

const recipients = ['age1h2emuap7shdf5ncr7wczalw7z6k5rzg5svqp6239thns3dgdda4sa8nfpd'];
const certificate = 'sealing.pem';
const from = { repository: 'https://git.example.com/clusters.git', branch: 'main' };

const told = (given: Given): string[] => sealingRules(given).map(({ code, at }) => `${code} ${at.path}`);

test.for<Given>([
  { sealing: { certificate } },
  { sealing: { certificate }, delivery: { tool: 'both', ...from } },
  { sealing: { recipients }, delivery: { tool: 'flux', ...from, flux: { decryption: 'sops-age' } } },
])('nothing is said of %j', (given) => {
  expect(told(given)).toEqual([]);
});

test.for<{ given: Given; code: string; path: string }>([
  { given: { sealing: {} }, code: 'sealing/choose-one', path: 'sealing' },
  { given: { sealing: { certificate, recipients }, delivery: { tool: 'flux', ...from, flux: { decryption: 'sops-age' } } }, code: 'sealing/choose-one', path: 'sealing' },
  { given: { sealing: { recipients } }, code: 'sealing/needs-flux', path: 'sealing.recipients' },
  { given: { sealing: { recipients }, delivery: { tool: 'argocd', ...from } }, code: 'sealing/needs-flux', path: 'sealing.recipients' },
  { given: { sealing: { recipients }, delivery: { tool: 'both', ...from, flux: { decryption: 'sops-age' } } }, code: 'sealing/needs-flux', path: 'sealing.recipients' },
  { given: { sealing: { recipients }, delivery: { tool: 'flux', ...from } }, code: 'sealing/no-decryption', path: 'delivery.flux' },
  { given: { sealing: { certificate }, delivery: { tool: 'flux', ...from, flux: { decryption: 'sops-age' } } }, code: 'delivery/without-effect', path: 'delivery.flux.decryption' },
])('$given: $code', ({ given, code, path }) => {
  expect(told(given)).toEqual([`${code} ${path}`]);
});
