import { writeFileSync } from 'node:fs';
import { definitionTypes } from './types.ts';

writeFileSync(new URL('../../lib/model/definition.ts', import.meta.url), await definitionTypes());
