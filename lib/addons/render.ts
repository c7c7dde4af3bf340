import type { Addon, AddonFile } from '../model/definition.ts';
import type { JsonObject, JsonValue } from '../model/manifest.ts';
import { someOf } from '../validate/say.ts';
import { nearest } from '../validate/suggest.ts';
import { fromChart } from './chart.ts';
import { documentsOf } from './documents.ts';
import type { Fault } from './fault.ts';
import { joined, NOTHING, objectsIn, type Objects } from './objects.ts';
import { readParameters, type Parameters } from './parameters.ts';
import { substitute } from './substitute.ts';

/** Files that say what a version takes; all others are templates. */
export const SCHEMA_FILES: readonly string[] = ['parameters.yaml', 'parameters.schema.json'];

/** A definition never changes, and both the rules and the charts ask. */
const RENDERED = new WeakMap<Addon, Objects>();

/** The objects of an add-on as its author wrote them, and all that is wrong with it, taken alone. */
export function renderAddon(addon: Addon): Objects {
  const rendered = RENDERED.get(addon) ?? render(addon);
  RENDERED.set(addon, rendered);
  return rendered;
}

function render({ name, parameters, source }: Addon): Objects {
  switch (source.type) {
    case 'template': return fromTemplate(source, (parameters ?? {}) as JsonObject);
    case 'chart': return fromChart(source);
    case 'construct': return objectsIn(source.objects as JsonValue[], (index) => `Object ${index + 1} of ${name}`);
  }
}

interface Template {
  readonly folder: string;
  readonly files: readonly AddonFile[];
  readonly versions?: readonly string[];
}

function fromTemplate(template: Template, given: JsonObject): Objects {
  const templates = template.files.filter(({ path }) => !SCHEMA_FILES.includes(path));
  if (templates.length === 0) return { ...NOTHING, faults: [noTemplate(template)] };
  const parameters = parametersOf(template, given);
  const rendered = joined(templates.map((file) => fromFile(`${template.folder}/${file.path}`, file.text, parameters)));
  return { ...rendered, faults: [...parameters.faults, ...rendered.faults] };
}

/** A version that declares nothing takes nothing. */
function parametersOf({ folder, files }: Template, given: JsonObject): Parameters {
  const file = files.find(({ path }) => SCHEMA_FILES.includes(path));
  if (file === undefined) return readParameters({ properties: {} }, given, `${folder}/${SCHEMA_FILES[0]}`);
  const path = `${folder}/${file.path}`;
  const documents = documentsOf(file.text);
  if (!documents.ok) return { values: new Map(), declared: [], faults: [notYaml(path, documents.fault)] };
  return readParameters(documents.values[0] ?? {}, given, path);
}

function fromFile(path: string, text: string, parameters: Parameters): Objects {
  const documents = documentsOf(text);
  if (!documents.ok) return { ...NOTHING, faults: [notYaml(path, documents.fault)] };
  const filled = documents.values.map((value) => substitute(value, parameters, path));
  const objects = objectsIn(filled.map(({ value }) => value), (index) => `Document ${index + 1} of ${path}`);
  return { ...objects, faults: [...filled.flatMap(({ faults }) => faults), ...objects.faults] };
}

function noTemplate({ folder, files, versions = [] }: Template): Fault {
  const version = folder.slice(folder.lastIndexOf('/') + 1);
  const meant = nearest(version, versions);
  return {
    code: 'addons/no-template', path: 'source',
    what: `There is no template in ${folder}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
    why: files.length > 0 ? 'a version consists of its objects, and there is only what describes its parameters.' : 'each version of a template is a folder of YAML files, named after it.',
    fix: versions.length === 0 ? 'put the YAML files of the version there.' : `use one of the versions ${someOf(versions)}, or put the YAML files of this one there.`,
  };
}

const notYaml = (file: string, fault: string): Fault => ({
  code: 'addons/not-yaml', path: 'source',
  what: `${file} is not YAML that can be used: ${fault.replace(/\.$/, '')}.`,
  why: 'the add-on is made from this file.',
  fix: 'mend the file there.',
});
