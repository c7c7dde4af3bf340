import type { Binding } from '../model/definition.ts';
import { compareText } from '../model/manifest.ts';
import type { ResolvedBinding } from '../model/resolved-tenant.ts';

/** Sorted, each subject once: an order of the author's would be a difference without a meaning. */
export const resolveBindings = (given: readonly Binding[] = []): ResolvedBinding[] =>
  given.map(({ clusterRole, groups, users }) => ({ clusterRole, groups: sortedOnce(groups), users: sortedOnce(users) }));

/** For lists of names whose order means nothing. */
export const sortedOnce = (names: readonly string[] = []): string[] => [...new Set(names)].sort(compareText);
