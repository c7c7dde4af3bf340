import { list, object, text, type Schema } from './fields.ts';

/** A name as whoever authenticates says it: of a certificate, or with the prefix of a token's issuer. */
const subject = (description: string): Schema => text(description, { pattern: '^\\S(.*\\S)?$', maxLength: 253 });

/** Who may do what inside the cluster. */
export const BINDING_DEFINITIONS: Record<string, Schema> = {
  Binding: object('A ClusterRole, and all to whom it is given.', {
    clusterRole: text('Name of the ClusterRole: `view`, `edit`, `admin`, `cluster-admin`, or one that you bring.', { pattern: '^[A-Za-z0-9:._-]+$', maxLength: 200 }),
    groups: list('Groups: those of `users`, or as `authentication` maps them.', subject('A group.')),
    users: list('Users by their names, beside the groups.', subject('A user.')),
  }, ['clusterRole']),
};
