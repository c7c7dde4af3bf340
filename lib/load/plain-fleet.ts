import { dirname, posix } from 'node:path';
import type * as t from '@babel/types';
import type { Module } from './locate/syntax-tree.ts';

/** Where a fleet holds what a file exports: `clusters[3]` is the export `cluster`. */
export interface Holding {
  readonly exported: string;
  readonly list: 'clusters' | 'metaClusters';
  readonly index: number;
}

/**
 * Where the fleet's file puts what it imports from another file. Null unless it only imports, and exports one
 * `defineFleet({ … })` in which each such import stands once, by itself, in a list: only then is it sure, without running
 * anything, that the rest of the fleet does not follow from it.
 */
export function holdingsOf(fleet: Module, file: string): readonly Holding[] | null {
  const argument = argumentOf(fleet.tree);
  if (argument === null || argument.properties.some(({ type }) => type !== 'ObjectProperty')) return null;
  const imported = importsOf(fleet, file);
  const holdings = imported?.map(({ local, exported }) => {
    const place = countOf(fleet, local) === 1 ? placeOf(argument, local) : null;
    return place === null ? null : { exported, ...place };
  }) ?? [];
  return holdings.length > 0 && holdings.every((holding) => holding !== null) ? holdings : null;
}

function argumentOf(tree: t.Node): t.ObjectExpression | null {
  if (tree.type !== 'Program') return null;
  const [statement, ...others] = tree.body.filter(({ type }) => type !== 'ImportDeclaration');
  if (statement?.type !== 'ExportNamedDeclaration' || others.length > 0 || statement.declaration?.type !== 'VariableDeclaration') return null;
  const [declarator, ...more] = statement.declaration.declarations;
  if (declarator?.id.type !== 'Identifier' || declarator.id.name !== 'fleet' || more.length > 0) return null;
  const call = declarator.init;
  if (call?.type !== 'CallExpression' || call.callee.type !== 'Identifier' || !isDefineFleet(tree, call.callee.name)) return null;
  const [argument] = call.arguments;
  return argument?.type === 'ObjectExpression' ? argument : null;
}

function isDefineFleet(tree: t.Program, local: string): boolean {
  return tree.body.some((statement) => statement.type === 'ImportDeclaration' && statement.source.value === 'kubewright'
    && statement.specifiers.some((specifier) => specifier.local.name === local && exportedName(specifier) === 'defineFleet'));
}

interface Imported {
  readonly local: string;
  readonly exported: string;
}

/** Null when the file is imported as a whole. A path that is not written out may mean another file tomorrow. */
function importsOf({ tree, file: from }: Module, file: string): readonly Imported[] | null {
  const declarations = tree.type === 'Program' ? tree.body.filter((statement) => statement.type === 'ImportDeclaration') : [];
  const specifiers = declarations.filter(({ source }) => posix.join(dirname(from), source.value) === file).flatMap((declaration) => declaration.specifiers);
  const imported = specifiers.map((specifier) => ({ local: specifier.local.name, exported: exportedName(specifier) }));
  return imported.every((one): one is Imported => one.exported !== null) ? imported : null;
}

function exportedName(specifier: t.ImportDeclaration['specifiers'][number]): string | null {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type !== 'ImportSpecifier') return null;
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

/** How often a name stands in the file, besides where it is imported. */
function countOf({ parents }: Module, name: string): number {
  const isUse = (node: t.Node): boolean => node.type === 'Identifier' && node.name === name && !parents.get(node)?.type.startsWith('Import');
  return [...parents.keys()].filter(isUse).length;
}

function placeOf(argument: t.ObjectExpression, local: string): Omit<Holding, 'exported'> | null {
  for (const list of ['clusters', 'metaClusters'] as const) {
    const values = argument.properties.flatMap((property) =>
      (property.type === 'ObjectProperty' && !property.computed && property.key.type === 'Identifier' && property.key.name === list ? [property.value] : []));
    const [value, ...others] = values;
    if (value?.type !== 'ArrayExpression' || others.length > 0 || value.elements.some((element) => element?.type === 'SpreadElement')) continue;
    const index = value.elements.findIndex((element) => element?.type === 'Identifier' && element.name === local);
    if (index >= 0) return { list, index };
  }
  return null;
}
