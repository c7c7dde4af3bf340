import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parse, parseExpression, type ParserOptions } from '@babel/parser';
import type * as t from '@babel/types';

/** A source file, parsed. */
export interface Module {
  /** Relative to the root. */
  readonly file: string;
  readonly text: string;
  /** A program, or the one value of a JSON file. */
  readonly tree: t.Node;
  readonly parents: ReadonlyMap<t.Node, t.Node>;
}

export type FunctionNode = t.FunctionDeclaration | t.FunctionExpression | t.ArrowFunctionExpression;

/** Source files below a root, each parsed once. */
export interface Modules {
  readonly root: string;
  readonly parsed: Map<string, Module | null>;
}

const OPTIONS: ParserOptions = { sourceType: 'module', errorRecovery: true, allowReturnOutsideFunction: true, plugins: ['typescript'] };

/** The syntax tree of a file, or null when there is none to be had. */
export function moduleOf(modules: Modules, file: string): Module | null {
  const known = modules.parsed.get(file);
  if (known !== undefined) return known;
  const module = parseFile(join(modules.root, file), file);
  modules.parsed.set(file, module);
  return module;
}

function parseFile(path: string, file: string): Module | null {
  try {
    const text = readFileSync(path, 'utf8');
    const tree = file.endsWith('.json') ? parseExpression(text, OPTIONS) : parse(text, OPTIONS).program;
    return { file, text, tree, parents: parentsOf(tree) };
  } catch {
    return null; // it was deleted, or is broken beyond what the parser recovers from
  }
}

const SUFFIXES = ['', '.ts', '.mts', '.js', '.mjs', '.cjs', '.json', '/index.ts', '/index.js'];

/** The file of the project that an import means, or null for a package. */
export function importedModule(modules: Modules, from: Module, specifier: string): Module | null {
  if (!specifier.startsWith('.')) return null;
  const path = posix.join(dirname(from.file), specifier);
  const candidates = [...SUFFIXES.map((suffix) => path + suffix), path.replace(/\.(m?)js$/, '.$1ts')];
  const file = candidates.find((candidate) => isFile(join(modules.root, candidate)));
  return file === undefined ? null : moduleOf(modules, file);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

const COMMENTS: ReadonlySet<string> = new Set(['comments', 'leadingComments', 'innerComments', 'trailingComments']);

function parentsOf(tree: t.Node): ReadonlyMap<t.Node, t.Node> {
  const parents = new Map<t.Node, t.Node>();
  const open: t.Node[] = [tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      open.push(child);
    }
  }
  return parents;
}

/** A hot loop: a build with many warnings walks as many files. */
function childrenOf(node: t.Node): readonly t.Node[] {
  const children: t.Node[] = [];
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (typeof value !== 'object' || value === null || key === 'loc' || COMMENTS.has(key)) continue;
    for (const child of Array.isArray(value) ? value as unknown[] : [value]) if (isNode(child)) children.push(child);
  }
  return children;
}

function isNode(value: unknown): value is t.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && typeof value.type === 'string';
}

/** The call whose callee is at a position: the place that a stack names for it. */
export function callAt(module: Module, line: number, column: number): t.CallExpression | null {
  const calls = [...module.parents.keys()].filter((node) => node.type === 'CallExpression');
  const there = calls.filter(({ callee }) => holds(callee, line, column - 1));
  return there.sort((a, b) => widthOf(a.callee) - widthOf(b.callee))[0] ?? null;
}

function holds(node: t.Node, line: number, column: number): boolean {
  const { start, end } = node.loc ?? {};
  if (start === undefined || end === undefined) return false;
  const isAfterStart = line > start.line || (line === start.line && column >= start.column);
  return isAfterStart && (line < end.line || (line === end.line && column <= end.column));
}

function widthOf(node: t.Node): number {
  return (node.end ?? 0) - (node.start ?? 0);
}

/** The function a node is in, or null at the top of a file. */
export function functionAround(module: Module, node: t.Node): FunctionNode | null {
  for (let at = module.parents.get(node); at !== undefined; at = module.parents.get(at)) {
    if (isFunction(at)) return at;
  }
  return null;
}

export function isFunction(node: t.Node): node is FunctionNode {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}

/** What a function returns, when it has one place that says so. */
export function returnedBy(module: Module, callee: FunctionNode): t.Node | null {
  if (callee.body.type !== 'BlockStatement') return callee.body;
  const returns = [...module.parents.keys()].filter((node) => node.type === 'ReturnStatement' && functionAround(module, node) === callee);
  const [only, ...others] = returns as t.ReturnStatement[];
  return others.length > 0 ? null : only?.argument ?? null;
}
