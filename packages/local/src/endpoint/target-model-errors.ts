/** Why a request for a target model has no answer of the model. */
import type { Answer } from './answer.js';

/** There is no archive of that name. */
export class ModelNotFound extends Error {
  readonly target: string;

  constructor(target: string) {
    super(`There is no model ${target}.`);
    this.target = target;
  }
}

/** The container did not load it. */
export class ModelNotLoaded extends Error {
  readonly answer: Answer;

  constructor(target: string, answer: Answer) {
    super(`POST /models for ${target} must be answered by 200; received ${answer.status}.`);
    this.answer = answer;
  }
}

/** It takes longer to load than the caller waits. */
export class ModelNotReady extends Error {
  constructor(target: string) {
    super(`Model ${target} is being loaded; retry the request.`);
  }
}
