import { assetUrl } from '../../lib/versions/asset.ts';
import { MINORS, type Minor } from '../../lib/versions/minor.ts';
import { exitOnSignals } from './binaries/build.ts';
import { layOutJson, sortKeys, writePacked, writeText } from './facts/output.ts';
import { readFacts } from './facts/release.ts';
import { readSchemas } from './facts/schemas.ts';

/** root, components, one component, its flags or gates: each entry of these has a line. */
const FACTS_DEPTH = 4;

/** Writes what the real binaries of a minor say into `lib/versions/`; a second run changes no byte. */
async function writeMinor(minor: Minor): Promise<void> {
  const facts = `${layOutJson(sortKeys(await readFacts(minor)), FACTS_DEPTH)}\n`;
  report(`facts/${minor}.json`, writeText(assetUrl(`facts/${minor}.json`), facts));

  const schemas = JSON.stringify(sortKeys(await readSchemas(minor)));
  report(`schemas/${minor}.json.gz`, writePacked(assetUrl(`schemas/${minor}.json.gz`), schemas));
}

function report(path: string, written: boolean): void {
  console.log(`${written ? 'wrote    ' : 'unchanged'} lib/versions/${path}`);
}

exitOnSignals();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !MINORS.some((minor) => minor === name));
if (unknown.length > 0) throw new Error(`no such minor: ${unknown.join(', ')}; there are ${MINORS.join(', ')}`);
for (const minor of MINORS) {
  if (asked.length === 0 || asked.includes(minor)) await writeMinor(minor);
}
