import { renderAddon } from '../../../addons/render.ts';
import type { Problem } from '../../../problem.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error, warning } from '../../say.ts';

/** People's own software: each taken alone. What its objects are to all others is asked once they are rendered. */
export const ADDON_RULES: readonly ClusterRule[] = [faults, duplicates];

function faults(...[{ name, addons = [] }]: Parameters<ClusterRule>): Problem[] {
  return addons.flatMap((addon, index) => renderAddon(addon).faults.map(({ code, path, severity, ...words }) =>
    (severity === 'warning' ? warning : error)(code, name, `addons[${index}]${path === '' ? '' : `.${path}`}`, words)));
}

function duplicates(...[{ name, addons = [] }]: Parameters<ClusterRule>): Problem[] {
  return repeatsOf(addons.map((addon) => addon.name)).map(({ index, first, value }) => error('addons/duplicate', name, `addons[${index}].name`, {
    what: `addons[${first}] is called ${value} too.`,
    why: 'messages and the record tell add-ons apart by their names.',
    fix: 'give one of them another name, or remove it.',
  }));
}
