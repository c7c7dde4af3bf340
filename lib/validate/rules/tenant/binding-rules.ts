import type { Binding } from '../../../model/definition.ts';
import type { Problem } from '../../../problem.ts';
import { repeatsOf, type ClusterRule } from '../../rule.ts';
import { error } from '../../say.ts';

/** Who may do what in the whole cluster. */
export const BINDING_RULES: readonly ClusterRule[] = [({ name, bindings }) => bindingProblems(name, 'bindings', bindings)];

/** What may be wrong with a list of bindings, wherever it stands. */
export function bindingProblems(of: string, path: string, bindings: readonly Binding[] = []): Problem[] {
  return [
    ...repeated(of, path, bindings),
    ...bindings.flatMap((binding, index) => [...withoutSubject(of, `${path}[${index}]`, binding), ...systemSubjects(of, `${path}[${index}]`, binding)]),
  ];
}

function repeated(of: string, path: string, bindings: readonly Binding[]): Problem[] {
  return repeatsOf(bindings.map(({ clusterRole }) => clusterRole)).map(({ index, first, value }) => error('bindings/duplicate', of, `${path}[${index}].clusterRole`, {
    what: `ClusterRole ${value} stands twice; the first is ${path}[${first}].`,
    why: 'each ClusterRole has one binding, under its name, and one of the two would take the other\'s place.',
    fix: 'put all groups and users into one entry.',
  }));
}

function withoutSubject(of: string, path: string, { clusterRole, groups = [], users = [] }: Binding): Problem[] {
  return groups.length + users.length > 0 ? [] : [error('bindings/no-subject', of, path, {
    what: `ClusterRole ${clusterRole} is given to nobody.`,
    why: 'a binding without a group or a user has no effect, and looks as if it had one.',
    fix: 'add groups or users, or remove the entry.',
  })];
}

function systemSubjects(of: string, path: string, { clusterRole, groups = [], users = [] }: Binding): Problem[] {
  const named = [
    ...groups.map((name, index) => ({ what: 'group', name, at: `${path}.groups[${index}]` })),
    ...users.map((name, index) => ({ what: 'user', name, at: `${path}.users[${index}]` })),
  ];
  return named.filter(({ name }) => name.startsWith('system:')).map(({ what, name, at }) => error('bindings/system-subject', of, at, {
    what: `ClusterRole ${clusterRole} is given to ${what} ${name}.`,
    why: 'names that begin with system: belong to Kubernetes: they mean its own parts, all who are logged in, or anybody at all.',
    fix: 'choose a group or a user of your own.',
  }));
}
