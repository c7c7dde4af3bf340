import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = new URL('../../node_modules/', import.meta.url).pathname;

/** Gives a copy of the committed fleet the one package that its definitions import beside `kubewright`. */
export function linkPackages(root: string): void {
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  symlinkSync(join(MODULES, 'cdk8s'), join(root, 'node_modules/cdk8s'));
}
