import type { FleetDefinition } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { error } from '../../say.ts';

type Given = Pick<FleetDefinition, 'sealing' | 'delivery'>;

/** Who opens secrets must be one, and must be able to. */
export function sealingRules({ sealing: { certificate, recipients }, delivery }: Given): Problem[] {
  if ((certificate === undefined) === (recipients === undefined)) return [chooseOne(certificate === undefined ? 'neither' : 'both')];
  if (recipients === undefined) return unusedDecryption(delivery);
  if (delivery?.tool !== 'flux') return [needsFlux(delivery?.tool)];
  return delivery.flux?.decryption === undefined ? [noDecryption()] : [];
}

const chooseOne = (given: 'neither' | 'both'): Problem => error('sealing/choose-one', 'fleet', 'sealing', {
  what: `sealing names ${given === 'both' ? 'both a certificate and recipients' : 'neither a certificate nor recipients'}.`,
  why: 'every Secret is opened by one of two: the Sealed Secrets controller, or Flux with SOPS.',
  fix: 'write `certificate` for the controller, or `recipients` for SOPS with Flux.',
});

const needsFlux = (tool: string | undefined): Problem => error('sealing/needs-flux', 'fleet', 'sealing.recipients', {
  what: `sealing.recipients asks for SOPS, and ${tool === undefined ? 'the fleet has no delivery' : `delivery.tool is ${tool}`}.`,
  why: 'Flux opens what SOPS encrypted; Argo CD only with a plugin, after which the keys lie open in its cache, and kubectl never.',
  fix: "write `tool: 'flux'` in delivery, or seal to the certificate of the Sealed Secrets controller.",
});

const noDecryption = (): Problem => error('sealing/no-decryption', 'fleet', 'delivery.flux', {
  what: 'delivery.flux does not say with which key Flux opens what SOPS encrypts.',
  why: 'it would apply Secrets as they are, and every one of them would be refused.',
  fix: "write `decryption: 'sops-age'`, and make a Secret of that name with an age identity for one of sealing.recipients.",
});

const unusedDecryption = (delivery: Given['delivery']): Problem[] => (delivery?.flux?.decryption === undefined ? [] : [error('delivery/without-effect', 'fleet', 'delivery.flux.decryption', {
  what: 'delivery.flux.decryption is given, and sealing names no recipients.',
  why: 'nothing is encrypted that Flux could open.',
  fix: 'take it out, or write `recipients` in sealing instead of `certificate`.',
})]);
