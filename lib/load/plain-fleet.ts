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
 * Where the fleet's file puts what it imports, by the file that it is from. Only files of which all imports stand once,
 * by themselves, in a list, and only when the fleet's file does nothing but import, and export one `defineFleet({ … })`:
 * then it is sure, without running anything, that the rest of the fleet does not follow from such a file.
 */
export function holdingsIn(fleet: Module): ReadonlyMap<string, readonly Holding[]> {
  const argument = argumentOf(fleet.tree);
  if (argument === null || argument.properties.some(({ type }) => type !== 'ObjectProperty')) return new Map();
  const [places, uses] = [placesIn(argument), countUses(fleet)];
  const holdingOf = ({ local, exported }: Imported): Holding | null => {
    const place = uses.get(local) === 1 ? places.get(local) : undefined;
    return exported === null || place === undefined ? null : { exported, ...place };
  };
  const holdings = [...importsOf(fleet)].map(([file, imported]) => [file, imported.map(holdingOf)] as const);
  return new Map(holdings.filter((entry): entry is readonly [string, Holding[]] => entry[1].length > 0 && entry[1].every((holding) => holding !== null)));
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
  /** Null when the file is imported as a whole. */
  readonly exported: string | null;
}

/** What is imported, by file. A path that is not written out may mean another file tomorrow, and is that of none. */
function importsOf({ tree, file: from }: Module): ReadonlyMap<string, readonly Imported[]> {
  const declarations = tree.type === 'Program' ? tree.body.filter((statement) => statement.type === 'ImportDeclaration') : [];
  const imports = new Map<string, Imported[]>();
  for (const { source, specifiers } of declarations) {
    const file = posix.join(dirname(from), source.value);
    const imported = specifiers.map((specifier) => ({ local: specifier.local.name, exported: exportedName(specifier) }));
    imports.set(file, [...(imports.get(file) ?? []), ...imported]);
  }
  return imports;
}

function exportedName(specifier: t.ImportDeclaration['specifiers'][number]): string | null {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default';
  if (specifier.type !== 'ImportSpecifier') return null;
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

/** How often each name stands in the file, besides where it is imported. */
function countUses({ parents }: Module): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const [node, parent] of parents) {
    if (node.type === 'Identifier' && !parent.type.startsWith('Import')) counts.set(node.name, (counts.get(node.name) ?? 0) + 1);
  }
  return counts;
}

/** Where each name stands by itself in a list. */
function placesIn(argument: t.ObjectExpression): ReadonlyMap<string, Omit<Holding, 'exported'>> {
  const places = new Map<string, Omit<Holding, 'exported'>>();
  for (const list of ['clusters', 'metaClusters'] as const) {
    const values = argument.properties.flatMap((property) =>
      (property.type === 'ObjectProperty' && !property.computed && property.key.type === 'Identifier' && property.key.name === list ? [property.value] : []));
    const [value, ...others] = values;
    if (value?.type !== 'ArrayExpression' || others.length > 0 || value.elements.some((element) => element?.type === 'SpreadElement')) continue;
    for (const [index, element] of value.elements.entries()) {
      if (element?.type === 'Identifier' && !places.has(element.name)) places.set(element.name, { list, index });
    }
  }
  return places;
}
