import { readdirSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Imports go down only: a file may import from its own floor and from those below. The highest floor stands first. */
const FLOORS = [
  ['lib/cli'],
  ['lib/client'],
  ['lib/build'],
  ['lib/load', 'lib/compile', 'lib/index.ts'],
  ['lib/checks', 'lib/emit'],
  ['lib/transitions'],
  ['charts'],
  ['lib/constructs'],
  ['lib/pki'],
  ['lib/resolve'],
  ['lib/validate', 'lib/addons'],
  ['lib/model', 'lib/yaml'],
  ['lib/versions'],
  ['lib/net.ts', 'lib/units.ts', 'lib/problem.ts', 'lib/problem-codes.ts', 'lib/transition-codes.ts', 'lib/version.ts'],
] as const;

/** The same for what runs real components. */
const REAL_FLOORS = [
  ['run.ts', 'asked.ts', 'build.ts', 'lab.ts', 'lab', 'facts.ts', 'facts'],
  ['stories'],
  ['load', 'story.ts'],
  ['clusters'],
  ['fleet.ts', 'fleet'],
  ['host'],
  ['binaries'],
].map((floor) => floor.map((place) => `test/real/${place}`));

const ROOT = new URL('../', import.meta.url).pathname;

const sourcesIn = (folder: string): string[] =>
  readdirSync(`${ROOT}${folder}`, { recursive: true }).map((path) => `${folder}/${path}`).filter((path) => path.endsWith('.ts')).sort();

const SOURCES = ['lib', 'charts'].flatMap(sourcesIn);

const textOf = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** Specifiers of every import and re-export, with those of dynamic imports. */
const importsOf = (path: string): string[] => [...textOf(path).matchAll(/(?:^(?:import|export)[^'"]*?from\s+|^import\s+|import\()['"]([^'"]+)['"]/gms)].map(([, specifier]) => specifier ?? '');

type Floors = readonly (readonly string[])[];

const floorOf = (floors: Floors, path: string): number => floors.findIndex((floor) => floor.some((place) => path === place || path.startsWith(`${place}/`)));

describe.for([['the product', FLOORS, SOURCES], ['real components', REAL_FLOORS, sourcesIn('test/real')]] as const)('%s', ([, floors, sources]) => {
  test('every source file has a floor', () => {
    expect(sources.filter((path) => floorOf(floors, path) < 0)).toEqual([]);
  });

  test('imports go down only', () => {
    const upward = sources.flatMap((path) => importsOf(path)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => normalize(`${dirname(path)}/${specifier}`))
      .filter((target) => floorOf(floors, target) >= 0 && floorOf(floors, target) < floorOf(floors, path))
      .map((target) => `${path} imports ${target}`));
    expect(upward).toEqual([]);
  });
});

/** What only some files may import at run time, and why it is they. A type costs nothing and is not counted. */
const RESERVED: Readonly<Record<string, readonly RegExp[]>> = {
  cdk8s: [/^charts\//, /^lib\/constructs\//, /^lib\/compile\/meta\.ts$/],
  'cdk8s-plus-27': [/^charts\/meta\//],
  'node-forge': [/^lib\/pki\/issuing\/sign\.ts$/],
  commander: [/^lib\/cli\//],
  // The one room that talks to a cluster.
  'node:https': [/^lib\/client\//],
  'node:fs': [
    /^lib\/cli\//, /^lib\/build\//, /^lib\/load\//, /^lib\/pki\/files\.ts$/, /^lib\/client\/kubeconfig-file\.ts$/, /^lib\/emit\/(dist|write)\.ts$/,
    // Tables that were read off the real binaries, and lie beside the code.
    /^lib\/versions\/(facts|schemas)\.ts$/,
  ],
};

test.for(Object.entries(RESERVED))('%s is imported where it belongs only', ([name, places]) => {
  const runtime = (path: string): boolean => [...textOf(path).matchAll(/^import (?!type)[^'"]*?from\s+['"]([^'"]+)['"]/gms)].some(([, specifier]) => specifier === name || specifier?.startsWith(`${name}/`));
  expect(SOURCES.filter(runtime).filter((path) => !places.some((place) => place.test(path)))).toEqual([]);
});

/** What a command that finds nothing changed must not wait for. */
const SLOW_TO_LOAD = ['age-encryption', 'node-forge', 'esbuild', '@babel/parser', 'cdk8s', 'cdk8s-plus-27'];

test('a build loads nothing that is slow to load before it knows that it needs it', () => {
  const statically = (path: string): string[] => [...textOf(path).matchAll(/^(?:import|export) (?!type)[^'"]*?from\s+['"]([^'"]+)['"]/gms)].map(([, specifier = '']) => specifier);
  const loaded = new Map<string, readonly string[]>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.set(path, statically(path));
    for (const specifier of loaded.get(path) ?? []) if (specifier.startsWith('.')) load(normalize(`${dirname(path)}/${specifier}`));
  };
  load('lib/cli/build.ts');
  expect(loaded.size).toBeGreaterThan(30);
  expect([...loaded].flatMap(([path, specifiers]) => specifiers.filter((name) => SLOW_TO_LOAD.includes(name)).map((name) => `${path} imports ${name}`))).toEqual([]);
});

/** The core is a function of its arguments. */
const IMPURE = /\bDate\.now\(|new Date\(\)|Math\.random\(|process\.|performance\.now\(|localeCompare|toLocale|Intl\.|randomBytes\(/;
const PURE = ['lib/compile', 'lib/checks', 'lib/transitions', 'charts', 'lib/constructs', 'lib/resolve', 'lib/validate', 'lib/addons', 'lib/versions', 'lib/model', 'lib/yaml', 'lib/net.ts', 'lib/units.ts', 'lib/problem.ts'];

test('the core reads no clock, chance, environment or locale', () => {
  const core = SOURCES.filter((path) => PURE.some((place) => path === place || path.startsWith(`${place}/`)));
  const lines = core.flatMap((path) => textOf(path).split('\n').map((line, index) => ({ line, at: `${path}:${index + 1}` })));
  const code = lines.filter(({ line }) => !/^\s*(\/\/|\*|\/\*)/.test(line));
  expect(code.filter(({ line }) => IMPURE.test(line)).map(({ at, line }) => `${at}: ${line.trim()}`)).toEqual([]);
});

test('no file is much longer than a person reads at once', () => {
  const long = [...SOURCES, ...sourcesIn('test/real')].filter((path) => path !== 'lib/model/definition.ts').map((path) => [path, textOf(path).split('\n').length] as const);
  expect(long.filter(([, lines]) => lines > 250)).toEqual([]);
});
