import { readdirSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Imports go down only: a file may import from its own floor and from those below. The highest floor stands first. */
const FLOORS = [
  ['lib/cli'],
  ['lib/build'],
  ['lib/load', 'lib/compile', 'lib/index.ts'],
  ['lib/checks', 'lib/emit'],
  ['charts'],
  ['lib/constructs'],
  ['lib/pki'],
  ['lib/resolve'],
  ['lib/validate'],
  ['lib/model', 'lib/yaml'],
  ['lib/versions'],
  ['lib/net.ts', 'lib/units.ts', 'lib/problem.ts', 'lib/version.ts'],
] as const;

const ROOT = new URL('../', import.meta.url).pathname;

const SOURCES = ['lib', 'charts'].flatMap((folder) => readdirSync(`${ROOT}${folder}`, { recursive: true }).map((path) => `${folder}/${path}`)).filter((path) => path.endsWith('.ts')).sort();

const textOf = (path: string): string => readFileSync(`${ROOT}${path}`, 'utf8');

/** Specifiers of every import and re-export, with those of dynamic imports. */
const importsOf = (path: string): string[] => [...textOf(path).matchAll(/(?:^(?:import|export)[^'"]*?from\s+|^import\s+|import\()['"]([^'"]+)['"]/gms)].map(([, specifier]) => specifier ?? '');

const floorOf = (path: string): number => FLOORS.findIndex((floor) => floor.some((place) => path === place || path.startsWith(`${place}/`)));

test('every source file has a floor', () => {
  expect(SOURCES.filter((path) => floorOf(path) < 0)).toEqual([]);
});

test('imports go down only', () => {
  const upward = SOURCES.flatMap((path) => importsOf(path)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => normalize(`${dirname(path)}/${specifier}`))
    .filter((target) => floorOf(target) >= 0 && floorOf(target) < floorOf(path))
    .map((target) => `${path} imports ${target}`));
  expect(upward).toEqual([]);
});

/** What only some files may import at run time, and why it is they. A type costs nothing and is not counted. */
const RESERVED: Readonly<Record<string, readonly RegExp[]>> = {
  cdk8s: [/^charts\//, /^lib\/constructs\//, /^lib\/compile\/meta\.ts$/],
  'cdk8s-plus-27': [/^charts\/meta\//],
  'node-forge': [/^lib\/pki\/issuing\/issue\.ts$/],
  commander: [/^lib\/cli\//],
  'node:fs': [
    /^lib\/cli\//, /^lib\/build\//, /^lib\/load\//, /^lib\/pki\/files\.ts$/, /^lib\/emit\/(dist|write)\.ts$/,
    // Tables that were read off the real binaries, and lie beside the code.
    /^lib\/versions\/(facts|schemas)\.ts$/,
  ],
};

test.for(Object.entries(RESERVED))('%s is imported where it belongs only', ([name, places]) => {
  const runtime = (path: string): boolean => [...textOf(path).matchAll(/^import (?!type)[^'"]*?from\s+['"]([^'"]+)['"]/gms)].some(([, specifier]) => specifier === name || specifier?.startsWith(`${name}/`));
  expect(SOURCES.filter(runtime).filter((path) => !places.some((place) => place.test(path)))).toEqual([]);
});

/** The core is a function of its arguments. */
const IMPURE = /\bDate\.now\(|new Date\(\)|Math\.random\(|process\.|performance\.now\(|localeCompare|toLocale|Intl\.|randomBytes\(/;
const PURE = ['lib/compile', 'lib/checks', 'charts', 'lib/constructs', 'lib/resolve', 'lib/validate', 'lib/versions', 'lib/model', 'lib/yaml', 'lib/net.ts', 'lib/units.ts', 'lib/problem.ts'];

test('the core reads no clock, chance, environment or locale', () => {
  const core = SOURCES.filter((path) => PURE.some((place) => path === place || path.startsWith(`${place}/`)));
  const lines = core.flatMap((path) => textOf(path).split('\n').map((line, index) => ({ line, at: `${path}:${index + 1}` })));
  const code = lines.filter(({ line }) => !/^\s*(\/\/|\*|\/\*)/.test(line));
  expect(code.filter(({ line }) => IMPURE.test(line)).map(({ at, line }) => `${at}: ${line.trim()}`)).toEqual([]);
});

test('no file is much longer than a person reads at once', () => {
  const long = SOURCES.filter((path) => path !== 'lib/model/definition.ts').map((path) => [path, textOf(path).split('\n').length] as const);
  expect(long.filter(([, lines]) => lines > 250)).toEqual([]);
});
