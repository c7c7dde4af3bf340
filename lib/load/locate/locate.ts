import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type * as t from '@babel/types';
import type { Place } from '../../problem.ts';
import { exportOf, type Step } from './bindings.ts';
import { follow, type Caller, type Found, type Scope } from './follow.ts';
import type { LoadedFleet, Locate, Location, Position, Source } from '../loaded.ts';
import { positionOf, stepsOf } from './places.ts';
import { callAt, functionAround, moduleOf, type Modules } from './syntax-tree.ts';
import { locateInYaml } from './yaml-place.ts';

/** Tells the file and line of places in a fleet. Sources are read and parsed only when somebody asks. */
export function locator(loaded: Pick<LoadedFleet, 'root' | 'sources'>): Locate {
  const modules: Modules = { root: loaded.root, parsed: new Map() };
  return (place) => {
    const location = positionOf(place) ?? locate(place, loaded.sources, modules);
    const excerpt = excerptOf(location, loaded.root);
    return excerpt === undefined ? location : { ...location, excerpt };
  };
}

function locate(place: Place, sources: ReadonlyMap<string, Source>, modules: Modules): Location {
  const [source, path] = sourceOf(place, sources);
  if (source === undefined) return isAbsolute(place.of) || existsSync(join(modules.root, place.of)) ? { file: place.of } : unknownPlace(sources, place);
  const found = inDefinition(source, path, modules) ?? inFleet(source, path, sources, modules);
  if (found !== null) return locateInYaml(found, path, modules.root) ?? locationOf(found);
  const [call] = source.calls;
  return call ?? { file: source.file };
}

function unknownPlace(sources: ReadonlyMap<string, Source>, place: Place): Location {
  return { file: sources.get('fleet')?.file ?? place.of };
}

/** `fleet: clusters[3].name` is a place in the fourth cluster. */
function sourceOf(place: Place, sources: ReadonlyMap<string, Source>): readonly [Source | undefined, readonly Step[]] {
  const steps = stepsOf(place.path);
  const part = place.of === 'fleet' ? sources.get(`${steps[0]}[${steps[1]}]`) : undefined;
  return part === undefined ? [sources.get(place.of), steps] : [part, steps.slice(2)];
}

function locationOf({ module, node }: Found): Location {
  const { start } = node.loc ?? {};
  return start === undefined ? { file: module.file } : { file: module.file, line: start.line, column: start.column + 1 };
}

/** Follows a path from the argument of the call that made the definition. */
function inDefinition(source: Source, path: readonly Step[], modules: Modules): Found | null {
  const [first, ...outer] = source.calls;
  const at = first === undefined ? null : callOf(first, outer, modules);
  const argument = at?.call.arguments[0];
  if (at === null || argument === undefined) return null;
  if (path.length === 0) return { module: at.scope.module, node: at.call, left: 0 };
  return follow(argument, path, at.scope);
}

/** A definition without a `define…` of its own is followed from the fleet that holds it. */
function inFleet(source: Source, path: readonly Step[], sources: ReadonlyMap<string, Source>, modules: Modules): Found | null {
  const fleet = sources.get('fleet');
  if (fleet === undefined) return null;
  const steps = [...stepsOf(source.path), ...path];
  if (fleet.calls.length > 0) return source === fleet ? null : inDefinition(fleet, steps, modules);

  const module = moduleOf(modules, fleet.file);
  const exported = module === null ? null : exportOf(modules, module, 'fleet') ?? exportOf(modules, module, 'default');
  if (exported?.kind !== 'value') return null;
  return follow(exported.node, [...exported.steps, ...steps], { modules, module: exported.module, caller: null });
}

interface Call {
  readonly call: t.CallExpression;
  readonly scope: Scope;
}

/** A call, and the calls around it, so that parameters of helper functions can be followed to their arguments. */
function callOf(position: Position, outer: readonly Position[], modules: Modules): Call | null {
  const module = moduleOf(modules, position.file);
  const call = module === null ? null : callAt(module, position.line, position.column);
  if (module === null || call === null) return null;

  const [next, ...rest] = outer;
  const around = next === undefined ? null : callOf(next, rest, modules);
  const callee = functionAround(module, call);
  const caller: Caller | null = around === null || callee === null || isArgument(around, callee) ? null : { callee, ...around };
  return { call, scope: { modules, module, caller } };
}

/** `names.map((name) => defineCluster(…))`: the function is not what is called there, so its parameters are unknown. */
function isArgument({ call }: Call, callee: t.Node): boolean {
  return call.arguments.some((argument) => argument === callee);
}

function excerptOf({ file, line }: Location, root: string): string | undefined {
  if (line === undefined) return undefined;
  try {
    return readFileSync(join(root, file), 'utf8').split(/\r\n|[\n\r\u2028\u2029]/)[line - 1];
  } catch {
    return undefined;
  }
}
