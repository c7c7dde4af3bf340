import type { Waiver } from './input.ts';

/**
 * What is wanted so in a tenant: its node agents reach into their machines, as upstream's do. Everything else that is
 * asked of a control plane's Pods is asked of these too.
 */
export const TENANT_WAIVERS: readonly Waiver[] = [
];
