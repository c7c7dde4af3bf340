import type * as t from '@babel/types';
import { bindingOf, exportOf, type Binding, type Step } from './bindings.ts';
import { isFunction, returnedBy, type FunctionNode, type Module, type Modules } from './syntax-tree.ts';

/** The deepest node that a path leads to, and how many of its steps were left. */
export interface Found {
  readonly module: Module;
  readonly node: t.Node;
  readonly left: number;
}

/** Where a node is evaluated: its file, and the call of the function around it, if that is known. */
export interface Scope {
  readonly modules: Modules;
  readonly module: Module;
  readonly caller: Caller | null;
}

export interface Caller {
  readonly callee: FunctionNode;
  readonly call: t.CallExpression;
  readonly scope: Scope;
}

/** Ends the walk through definitions that refer to each other in a circle. */
const MAX_HOPS = 60;

/** Follows a path of a definition through the source: objects, lists, names, spreads, imports and calls. */
export function follow(node: t.Node, path: readonly Step[], scope: Scope, hops = 0): Found {
  const here = { module: scope.module, node, left: path.length };
  if (hops > MAX_HOPS) return here;
  const next = hops + 1;
  switch (node.type) {
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSNonNullExpression':
    case 'TSTypeAssertion':
    case 'ParenthesizedExpression':
      return follow(node.expression, path, scope, next);
    case 'Identifier':
      return bound(bindingOf(scope.modules, scope.module, node, node.name), path, scope, next) ?? here;
    case 'ObjectExpression':
      return path.length === 0 ? here : inObject(node, path, scope, next) ?? here;
    case 'ArrayExpression':
      return inList(node, path, scope, next) ?? here;
    case 'MemberExpression':
      return inMember(node, path, scope, next) ?? here;
    case 'ConditionalExpression':
      return deepest(here, [node.consequent, node.alternate].map((branch) => follow(branch, path, scope, next)));
    case 'LogicalExpression':
      return deepest(here, [node.right, node.left].map((branch) => follow(branch, path, scope, next)));
    case 'CallExpression':
      return path.length === 0 ? here : throughCall(node, path, scope, next, here);
    default:
      return here;
  }
}

/** A branch counts only if it leads further than the choice itself. */
function deepest(here: Found, candidates: readonly (Found | null)[]): Found {
  const further = candidates.filter((found) => found !== null && found.left < here.left) as Found[];
  return further.sort((a, b) => a.left - b.left)[0] ?? here;
}

/** The last property wins, so the search begins at the end. */
function inObject(object: t.ObjectExpression, path: readonly Step[], scope: Scope, hops: number): Found | null {
  const [key, ...rest] = path;
  for (const property of object.properties.toReversed()) {
    if (property.type === 'SpreadElement') {
      const found = follow(property.argument, path, scope, hops);
      if (found.left < path.length) return found;
    } else if (keyOf(property) === String(key)) {
      return property.type === 'ObjectProperty' ? follow(property.value, rest, scope, hops) : { module: scope.module, node: property, left: rest.length };
    }
  }
  return null;
}

function keyOf(property: t.ObjectProperty | t.ObjectMethod): string | null {
  const { key } = property;
  if (key.type === 'StringLiteral' || key.type === 'NumericLiteral') return String(key.value);
  return key.type === 'Identifier' && !property.computed ? key.name : null;
}

/** Items are counted as far as spreads are lists that are written out. */
function inList(list: t.ArrayExpression, path: readonly Step[], scope: Scope, hops: number): Found | null {
  const [index, ...rest] = path;
  let left = Number(index);
  for (const element of list.elements) {
    if (element?.type === 'SpreadElement') {
      const spread = follow(element.argument, [], scope, hops);
      if (spread.node.type !== 'ArrayExpression' || spread.node.elements.some((item) => item?.type === 'SpreadElement')) return null;
      if (left < spread.node.elements.length) return follow(element.argument, [left, ...rest], scope, hops);
      left -= spread.node.elements.length;
    } else if (left === 0) {
      return element === null ? null : follow(element, rest, scope, hops);
    } else {
      left -= 1;
    }
  }
  return null;
}

function inMember(member: t.MemberExpression, path: readonly Step[], scope: Scope, hops: number): Found | null {
  const key = memberKey(member);
  if (key === null) return null;
  const found = follow(member.object, [key, ...path], scope, hops);
  return found.left <= path.length ? found : null;
}

function memberKey({ property, computed }: t.MemberExpression): Step | null {
  if (property.type === 'StringLiteral' || property.type === 'NumericLiteral') return property.value;
  return property.type === 'Identifier' && !computed ? property.name : null;
}

function bound(binding: Binding | null, path: readonly Step[], scope: Scope, hops: number): Found | null {
  if (binding === null) return null;
  if (binding.kind === 'namespace') return inNamespace(binding.module, path, scope, hops);
  const steps = [...binding.steps, ...path];
  const found = binding.kind === 'value'
    ? follow(binding.node, steps, scopeOf(binding.module, scope), hops)
    : inArgument(binding, steps, scope, hops);
  return found !== null && found.left <= path.length ? found : null;
}

/** A name of another file knows nothing of the calls that led here. */
function scopeOf(module: Module, scope: Scope): Scope {
  return module === scope.module ? scope : { ...scope, module, caller: null };
}

function inNamespace(module: Module, path: readonly Step[], scope: Scope, hops: number): Found | null {
  const [name, ...rest] = path;
  const binding = exportOf(scope.modules, module, String(name));
  return name === undefined ? null : bound(binding, rest, { ...scope, module, caller: null }, hops);
}

/** A parameter is what its function was called with. */
function inArgument(binding: Extract<Binding, { kind: 'parameter' }>, path: readonly Step[], scope: Scope, hops: number): Found | null {
  for (let { caller } = scope; caller !== null; { caller } = caller.scope) {
    if (caller.callee !== binding.callee) continue;
    const argument = caller.call.arguments[binding.index];
    if (argument !== undefined) return follow(argument, path, caller.scope, hops);
    break;
  }
  return binding.otherwise === null ? null : follow(binding.otherwise, path, { ...scope, module: binding.module }, hops);
}

/** A function of the project is followed inside; of every other one only the arguments can be seen. */
function throughCall(call: t.CallExpression, path: readonly Step[], scope: Scope, hops: number, here: Found): Found {
  const callee = functionOf(call.callee, scope, hops);
  const returned = callee === null ? null : returnedBy(callee.module, callee.node);
  if (callee !== null && returned !== null) {
    const inside = { modules: scope.modules, module: callee.module, caller: { callee: callee.node, call, scope } };
    const found = follow(returned, path, inside, hops);
    if (found.left < path.length) return found;
  }
  return deepest(here, call.arguments.toReversed().map((argument) => follow(argument, path, scope, hops)));
}

function functionOf(callee: t.Node, scope: Scope, hops: number): { readonly module: Module; readonly node: FunctionNode } | null {
  const { module, node } = follow(callee, [], scope, hops);
  return isFunction(node) ? { module, node } : null;
}
