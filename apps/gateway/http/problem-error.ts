import type { Problem } from '#libs/http-api';

/** A problem document that is ready: thrown where its words come from elsewhere than our tables. */
export class ProblemError extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}
