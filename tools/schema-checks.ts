import { _ } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Plugin } from 'esbuild';
import { newAjv, REFERENCES } from '../lib/validate/schema-checks.ts';

/** The formats of the model, as the programs below look them up. */
const HEAD = `
import { FORMATS } from './formats.ts';
const formats = Object.fromEntries(Object.entries(FORMATS).map(([name, format]) => [name, format.is]));
`;

const TAIL = `
const CHECKS = { ${Object.keys(REFERENCES).join(', ')} };
export const checkOf = (name) => CHECKS[name];
`;

/** Puts the programs that ajv writes from the schemas in the place of ajv: writing them takes longer than all else at the start. */
export const schemaChecks: Plugin = {
  name: 'schema-checks',
  setup(bundler) {
    bundler.onLoad({ filter: /\/lib\/validate\/schema-checks\.ts$/ }, () => ({ contents: `${HEAD}${programs()}${TAIL}`, loader: 'js' }));
  },
};

function programs(): string {
  const ajv = newAjv({ source: true, esm: true, formats: _`formats` });
  for (const [name, $ref] of Object.entries(REFERENCES)) ajv.addSchema({ $id: name, $ref });
  return standaloneCode(ajv, Object.fromEntries(Object.keys(REFERENCES).map((name) => [name, name])));
}
