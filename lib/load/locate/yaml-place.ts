import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import type * as t from '@babel/types';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { Step } from './bindings.ts';
import type { Found } from './follow.ts';
import type { Location } from '../loaded.ts';

/** When a path ended at `yamlFile('./policy.yaml')`, the place in that file. */
export function locateInYaml(found: Found, path: readonly Step[], root: string): Location | null {
  const name = yamlNameOf(found.node);
  if (name === null || found.left === 0) return null;
  const file = posix.join(posix.dirname(found.module.file), name);
  try {
    return { file, ...positionIn(readFileSync(join(root, file), 'utf8'), path.slice(-found.left)) };
  } catch {
    return null;
  }
}

function yamlNameOf(node: t.Node): string | null {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'yamlFile') return null;
  const [name] = node.arguments;
  return name?.type === 'StringLiteral' ? name.value : null;
}

/** The deepest node that is there. */
function positionIn(text: string, steps: readonly Step[]): { readonly line: number; readonly column: number } {
  const lineCounter = new LineCounter();
  const offset = offsetIn(parseDocument(text, { lineCounter }), steps);
  const { line, col } = lineCounter.linePos(offset);
  return { line, column: col };
}

function offsetIn(document: Document.Parsed, steps: readonly Step[]): number {
  for (let length = steps.length; length > 0; length -= 1) {
    const node = document.getIn(steps.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return document.contents?.range[0] ?? 0;
}
