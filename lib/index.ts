/** The public API: what a fleet's definitions import from `kubewright`. */
export * from './load/evaluate/api.ts';
export type * from './model/definition.ts';
