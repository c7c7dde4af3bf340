import type * as t from '@babel/types';
import { importedModule, isFunction, type FunctionNode, type Module, type Modules } from './syntax-tree.ts';

/** What a name stands for. `steps` lead from the node to it: `const { pods } = network` is `network`, `pods`. */
export type Binding =
  | { readonly kind: 'value'; readonly module: Module; readonly node: t.Node; readonly steps: readonly Step[] }
  | { readonly kind: 'parameter'; readonly module: Module; readonly callee: FunctionNode; readonly index: number; readonly steps: readonly Step[]; readonly otherwise: t.Node | null }
  | { readonly kind: 'namespace'; readonly module: Module };

export type Step = string | number;

/** Follows an identifier to its `const`, function, parameter or import. Null for a name that may change, or is not the project's. */
export function bindingOf(modules: Modules, module: Module, identifier: t.Node, name: string): Binding | null {
  for (let at = module.parents.get(identifier); at !== undefined; at = module.parents.get(at)) {
    const found = isFunction(at) ? parameterOf(module, at, name) : declaredIn(modules, module, at, name);
    if (found !== null) return found;
  }
  return null;
}

/** What a file exports under a name. */
export function exportOf(modules: Modules, module: Module, name: string, hops = 0): Binding | null {
  if (module.tree.type !== 'Program') return name === 'default' ? value(module, module.tree) : null;
  if (hops > 20) return null;
  for (const statement of module.tree.body) {
    const found = exportedBy(modules, module, statement, name, hops);
    if (found !== null) return found;
  }
  return null;
}

function exportedBy(modules: Modules, module: Module, statement: t.Statement, name: string, hops: number): Binding | null {
  if (statement.type === 'ExportDefaultDeclaration') return name === 'default' ? valueOf(modules, module, statement.declaration) : null;
  if (statement.type === 'ExportAllDeclaration') {
    const other = importedModule(modules, module, statement.source.value);
    return other === null || name === 'default' ? null : exportOf(modules, other, name, hops + 1);
  }
  if (statement.type !== 'ExportNamedDeclaration') return null;
  if (statement.declaration !== null && statement.declaration !== undefined) return declaredBy(modules, module, statement.declaration, name);
  return exportedAs(modules, module, statement, name, hops);
}

/** `export { inner as name }`, with or without `from`. */
function exportedAs(modules: Modules, module: Module, statement: t.ExportNamedDeclaration, name: string, hops: number): Binding | null {
  const specifier = statement.specifiers.find(({ exported }) => nameOf(exported) === name);
  if (specifier === undefined) return null;
  const other = statement.source === null || statement.source === undefined ? module : importedModule(modules, module, statement.source.value);
  if (other === null) return null;
  if (specifier.type === 'ExportNamespaceSpecifier') return { kind: 'namespace', module: other };
  if (specifier.type !== 'ExportSpecifier') return null;
  return other === module ? bindingOf(modules, module, specifier, specifier.local.name) : exportOf(modules, other, specifier.local.name, hops + 1);
}

function valueOf(modules: Modules, module: Module, node: t.Node): Binding | null {
  return node.type === 'Identifier' ? bindingOf(modules, module, node, node.name) : value(module, node);
}

function value(module: Module, node: t.Node, steps: readonly Step[] = []): Binding {
  return { kind: 'value', module, node, steps };
}

function nameOf(node: t.Identifier | t.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

function declaredIn(modules: Modules, module: Module, block: t.Node, name: string): Binding | null {
  if (block.type !== 'Program' && block.type !== 'BlockStatement') return null;
  for (const statement of block.body) {
    const found = declaredBy(modules, module, statement, name);
    if (found !== null) return found;
  }
  return null;
}

function declaredBy(modules: Modules, module: Module, statement: t.Node, name: string): Binding | null {
  switch (statement.type) {
    case 'ExportNamedDeclaration':
      return statement.declaration ? declaredBy(modules, module, statement.declaration, name) : null;
    case 'VariableDeclaration':
      return statement.kind === 'const' ? constantIn(module, statement, name) : null;
    case 'FunctionDeclaration':
      return statement.id?.name === name ? value(module, statement) : null;
    case 'ImportDeclaration':
      return importIn(modules, module, statement, name);
    default:
      return null;
  }
}

function constantIn(module: Module, declaration: t.VariableDeclaration, name: string): Binding | null {
  for (const { id, init } of declaration.declarations) {
    const steps = stepsTo(id, name);
    if (steps !== null && init !== null && init !== undefined) return value(module, init, steps);
  }
  return null;
}

function importIn(modules: Modules, module: Module, declaration: t.ImportDeclaration, name: string): Binding | null {
  const specifier = declaration.specifiers.find(({ local }) => local.name === name);
  const other = specifier === undefined ? null : importedModule(modules, module, declaration.source.value);
  if (specifier === undefined || other === null) return null;
  if (specifier.type === 'ImportNamespaceSpecifier') return { kind: 'namespace', module: other };
  return exportOf(modules, other, specifier.type === 'ImportDefaultSpecifier' ? 'default' : nameOf(specifier.imported));
}

function parameterOf(module: Module, callee: FunctionNode, name: string): Binding | null {
  for (const [index, parameter] of callee.params.entries()) {
    const [pattern, otherwise] = parameter.type === 'AssignmentPattern' ? [parameter.left, parameter.right] : [parameter, null];
    const steps = stepsTo(pattern, name);
    if (steps !== null) return { kind: 'parameter', module, callee, index, steps, otherwise };
  }
  return null;
}

/** The way from a destructured value to a name in its pattern; null when the name is not in it. */
function stepsTo(pattern: t.Node, name: string): readonly Step[] | null {
  if (pattern.type === 'Identifier') return pattern.name === name ? [] : null;
  if (pattern.type === 'AssignmentPattern') return stepsTo(pattern.left, name);
  if (pattern.type !== 'ObjectPattern') return null;
  for (const property of pattern.properties) {
    if (property.type !== 'ObjectProperty' || property.key.type !== 'Identifier') continue;
    const steps = stepsTo(property.value, name);
    if (steps !== null) return [property.key.name, ...steps];
  }
  return null;
}
