import { compile } from 'json-schema-to-typescript';
import { MODEL_SCHEMA } from '../../lib/model/schema/schema.ts';

const BANNER = [
  '// Generated from lib/model/schema by `npm run types`; do not edit.',
  '// What an author decides. Everything that is optional here has its answer in ResolvedCluster.',
].join('\n');

/** ajv's own keywords mean nothing to the generator of types. */
function withoutDiscriminators(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutDiscriminators);
  if (node === null || typeof node !== 'object') return node;
  const kept = Object.entries(node).filter(([key]) => key !== 'discriminator' && key !== '$id');
  const entries = kept.filter(([key]) => !(key === 'type' && 'oneOf' in node));
  return Object.fromEntries(entries.map(([key, value]) => [key === '$defs' ? 'definitions' : key, withoutDiscriminators(value)]));
}

function withTitles(schema: Record<string, unknown>): Record<string, unknown> {
  const { FleetDefinition, ...others } = schema['definitions'] as Record<string, object>;
  const titled = Object.entries(others).map(([name, definition]) => [name, { title: name, ...definition }]);
  return { ...FleetDefinition, definitions: Object.fromEntries(titled) };
}

/** The text of lib/model/definition.ts. */
export async function definitionTypes(): Promise<string> {
  const plain = JSON.parse(JSON.stringify(withoutDiscriminators(MODEL_SCHEMA)).replaceAll('#/$defs/', '#/definitions/')) as Record<string, unknown>;
  const types = await compile(withTitles(plain) as never, 'FleetDefinition', {
    bannerComment: BANNER,
    additionalProperties: false,
    ignoreMinAndMaxItems: true,
    unreachableDefinitions: true,
    style: { singleQuote: true, printWidth: 140 },
  });
  return types.replaceAll(/ \*\n \* This interface was referenced by[^\n]*\n \* via[^\n]*\n/g, '');
}
