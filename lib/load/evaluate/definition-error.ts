import type { Problem } from '../../problem.ts';

/** What a problem says, without where. */
export type Complaint = Pick<Problem, 'code' | 'what' | 'why' | 'fix'>;

/**
 * Thrown into a definition by what it calls: a definition is a program, and an exception is the only way to stop one.
 * The loader catches it and makes a problem of it, so nobody else sees it.
 */
export class DefinitionError extends Error {
  readonly complaint: Complaint;

  constructor(complaint: Complaint) {
    super(`${complaint.what} ${complaint.fix}`);
    this.name = 'DefinitionError';
    this.complaint = complaint;
  }
}

/** For everything whose answer depends on when, where or by whom the compiler is run. */
export function refuse(name: string, fix = 'write the value itself into the definition.'): never {
  throw new DefinitionError({
    code: 'load/impure',
    what: `A definition uses ${name}.`,
    why: 'a definition must always give the same bytes, whoever compiles it, when and where; otherwise no review of dist/ holds.',
    fix,
  });
}
