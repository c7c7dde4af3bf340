import type { ProblemCode } from '../problem.ts';
import type { Words } from '../validate/say.ts';

/** What is wrong with an add-on taken alone; a rule makes a Problem of it. */
export interface Fault extends Words {
  readonly code: ProblemCode;
  /** Below the add-on in the definition: `parameters.replicas`. */
  readonly path: string;
  /** Told, and no reason to stop. */
  readonly severity?: 'warning';
}
