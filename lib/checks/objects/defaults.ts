import type { JsonObject, JsonValue } from '../../model/manifest.ts';
import { canonicalQuantity } from '../../units.ts';
import { formatFault } from './formats.ts';
import { found, type Finding } from '../finding.ts';
import { isObject, pathOf, wordOf, type Json } from './json.ts';
import { kindOf } from './kinds.ts';
import type { Scope } from '../scope.ts';
import type { Shape } from './structure.ts';

type Steps = (string | number)[];
type Report = (steps: Steps, what: string) => void;

/** Every value is written as the API server will store it, so that GitOps sees no difference that nobody made (trap T4). */
export function checkDefaults(scope: Scope): Finding[] {
  const findings: Finding[] = [];
  for (const item of scope.manifests) {
    const shape = kindOf(scope, item)?.shape;
    const report: Report = (steps, what) => findings.push(found('manifest/not-canonical', item, pathOf(steps), what));
    if (shape !== undefined) visit(shape, item.manifest, [], report);
  }
  return findings;
}

function visit(shape: Shape, value: Json, steps: Steps, report: Report): void {
  if (value === undefined) return;
  if (value === null) return shape.type === 'any' ? undefined : report(steps, 'is null, which the API server drops');
  if (shape.type === 'quantity') return visitQuantity(value, steps, report);
  if (Array.isArray(value)) return visitList(shape, value as readonly JsonValue[], steps, report);
  if (isObject(value)) visitObject(shape, value, steps, report);
}

function visitObject(shape: Shape, value: JsonObject, steps: Steps, report: Report): void {
  for (const key in value) {
    const field = shape.type === 'map' ? shape.items : shape.properties.get(key);
    const inner = value[key];
    if (field === undefined || field === null || (typeof inner !== 'object' && field.type !== 'quantity')) continue;
    steps.push(key);
    if (field.dropsEmpty && isDropped(field, inner) && !shape.required.includes(key)) report(steps, 'is empty, which the API server drops');
    else visit(field, inner, steps, report);
    steps.pop();
  }
}

function visitList(shape: Shape, value: readonly JsonValue[], steps: Steps, report: Report): void {
  const { items } = shape;
  if (items === null) return;
  value.forEach((item, index) => {
    steps.push(index);
    if (lacksProtocol(items, item)) report(steps, 'lacks `protocol`, which the API server fills in with `TCP`');
    visit(items, item, steps, report);
    steps.pop();
  });
}

/** Empty structs such as `emptyDir: {}` are kept, for they mean something; empty lists and maps are not. */
function isDropped(field: Shape, value: Json): boolean {
  if (field.type === 'array') return Array.isArray(value) && value.length === 0;
  return field.type === 'map' && isObject(value) && Object.keys(value).length === 0;
}

/** Items that are ports: of containers, Services, EndpointSlices and network policies. */
function lacksProtocol(items: Shape, item: JsonValue): boolean {
  if (!items.dropsEmpty || !isObject(item) || item['protocol'] !== undefined) return false;
  return items.properties.has('protocol') && (items.properties.has('port') || items.properties.has('containerPort'));
}

function visitQuantity(value: JsonValue, steps: Steps, report: Report): void {
  const text = wordOf(value);
  if (formatFault('quantity', text) !== null) return;
  const canonical = canonicalOf(text);
  if (canonical === null) report(steps, `is \`${text}\`; write it without exponent, sign or a suffix below \`m\``);
  else if (canonical !== value) report(steps, `is ${JSON.stringify(value)}, which the API server stores as ${JSON.stringify(canonical)}`);
}

const PLAIN = /^\d+(?:\.\d+)?(?:[KMGTPE]i|[mkMGTPE])?$/;

function canonicalOf(text: string): string | null {
  return PLAIN.test(text) ? canonicalQuantity(text) : null;
}
