/**
 * The three causes of a failure that SageMaker itself distinguishes: the caller's, the platform's, the algorithm's.
 * Each error carries a stable code; a test checks that README's table of codes equals `ERROR_CODES`.
 */

import { visible } from './visible.js';

/** What each of the SDK's codes means, and whose error it is. An algorithm may add codes of its own. */
export const ERROR_CODES = {
  E_HYPERPARAMETER: ['ClientError', 'a hyperparameter is unknown, missing or out of range'],
  E_CHANNEL: ['ClientError', 'a channel is missing, unknown, empty or of a wrong kind'],
  E_CONTENT_TYPE: ['ClientError', 'a channel or request has a content type that the algorithm does not read'],
  E_DATA_NUMBER: ['ClientError', 'a field is not a number'],
  E_DATA_CATEGORY: [
    'ClientError',
    'a text column mixes text and numbers, has too many different values, or has one that is not in the training data',
  ],
  E_DATA_COLUMNS: ['ClientError', 'a row has a different number of columns from the first one'],
  E_DATA_QUOTE: ['ClientError', 'a quoted field does not end, or text follows its closing quote'],
  E_DATA_BLANK_LINE: ['ClientError', 'there is a blank line between rows'],
  E_DATA_MISSING: ['ClientError', 'a value is missing and the algorithm needs every value'],
  E_DATA_INFINITE: ['ClientError', 'a value is infinite, or outside the number range of the algorithm'],
  E_DATA_WEIGHT: ['ClientError', 'a sample weight is missing, negative or infinite'],
  E_DATA_INDEX: ['ClientError', 'an index of a sparse row is malformed, repeated, or outside the columns'],
  E_DATA_QUERY: ['ClientError', 'a query id is malformed, or only some rows have one'],
  E_DATA_FORMAT: ['ClientError', 'a file is damaged, not of its format, or contains something that is not supported'],
  E_DATA_COMPRESSED: ['ClientError', 'a packed file is damaged, ends early, or unpacks to far more than it should'],
  E_DATA_SIZE: ['ClientError', 'a row or a table is larger than the reader can hold'],
  E_DATA_EMPTY: ['ClientError', 'a channel has files but no rows'],
  E_REQUEST_BODY: ['ClientError', 'a request body does not match its content type'],
  E_REQUEST_ACCEPT: ['ClientError', 'no media type that the caller accepts can be written'],
  E_REQUEST_OUTPUT: ['ClientError', 'the model does not have the requested output, or the response would be too large'],
  E_REQUEST_SIZE: ['ClientError', 'a request body is over the limit'],
  E_REQUEST_METHOD: ['ClientError', 'the route exists, but not for this method'],
  E_REQUEST_ROUTE: ['ClientError', 'there is no such route'],
  E_SESSION: ['ClientError', 'a session is unknown or has ended, or the algorithm has none'],
  E_NOT_READY: ['PlatformError', 'the model is still being loaded'],
  E_BUSY: ['PlatformError', 'the container has no room for another request at the moment; retry it'],
  E_TIMEOUT: ['AlgorithmError', 'a prediction took longer than the time limit'],
  E_MODEL: [
    'ClientError',
    'the model files cannot be used: they are damaged, from another algorithm, or in a newer format',
  ],
  E_MODEL_UNKNOWN: ['ClientError', 'no model of this name is loaded in a container of many models'],
  E_MODEL_LOADED: ['ClientError', 'a model of this name is loaded already in a container of many models'],
  E_MODEL_FOLDER: ['ClientError', 'the folder of the model to load is not there'],
  E_MODEL_MEMORY: ['PlatformError', 'the model does not fit into memory next to those that are loaded'],
  E_NO_TRAINING: ['ClientError', 'a training job was created for a model package, which has no training'],
  E_CLUSTER: [
    'ClientError',
    'the job has more instances than the algorithm can use, or its hosts have different programs, hyperparameters or configurations',
  ],
  E_HOST: ['PlatformError', 'another host of the job was lost, or cannot be reached'],
  E_CHECKPOINT: ['ClientError', 'the checkpoint belongs to another job: different hyperparameters, data or algorithm'],
  E_MEMORY: ['ClientError', 'the training needs more memory than the instance has'],
  E_STOPPED: ['ClientError', 'the job was stopped before a usable model existed'],
  E_ENVIRONMENT: ['PlatformError', 'a file, mount or variable of the platform is missing or malformed'],
  E_OUTPUT: ['PlatformError', 'an output directory cannot be written'],
  E_ALGORITHM: ['AlgorithmError', 'the algorithm broke a rule of the SDK, or failed'],
} as const satisfies Record<`E_${string}`, readonly ['ClientError' | 'PlatformError' | 'AlgorithmError', string]>;

/** A stable, documented name of one kind of error. */
export type ErrorCode = keyof typeof ERROR_CODES | `E_${string}`;

/**
 * Base of the errors whose message is shown to the user unchanged: one line of visible characters, whatever names and
 * values from outside it quotes.
 */
export abstract class ContractError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(visible(message), options);
    this.code = code;
  }
}

/** The caller can fix it: data, hyperparameter, request. */
export class ClientError extends ContractError {
  override readonly name = 'ClientError';
}

/** A mount, file or variable that the platform provides is missing or wrong. */
export class PlatformError extends ContractError {
  override readonly name = 'PlatformError';
}

/** Our bug, or the algorithm author's. */
export class AlgorithmError extends ContractError {
  override readonly name = 'AlgorithmError';
}

/** `error` as one of the three causes; anything unforeseen is the algorithm's, with the original kept as `cause`. */
export function asContractError(error: unknown): ContractError {
  if (error instanceof ContractError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : textOf(error);
  return new AlgorithmError('E_ALGORITHM', message, { cause: error });
}

/** What was thrown, in its own words. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : textOf(thrown);
}

/** Whatever was thrown as text; JavaScript lets anything be thrown, and of some nothing can be said. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `a value without text (${typeof thrown})`;
  }
}
