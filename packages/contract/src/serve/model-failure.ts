/** Why a model cannot be used, as it is said between processes. */
import {
  AlgorithmError,
  asContractError,
  ClientError,
  type ContractError,
  type ErrorCode,
  PlatformError,
} from '../errors.js';
import { stackOf } from '../failure.js';

/** An error as values: its class does not survive the way between processes. */
export interface ModelFailure {
  readonly name: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** For the log, where the algorithm is to blame. */
  readonly stack: string | undefined;
}

export function failureOf(error: unknown): ModelFailure {
  const failure = asContractError(error);
  const { name, code, message } = failure;
  return { name, code, message, stack: failure instanceof AlgorithmError ? stackOf(failure) : undefined };
}

/** The error as it was thrown in the worker, but for its stack. */
export function errorOf({ name, code, message }: ModelFailure): ContractError {
  const Cause = name === 'ClientError' ? ClientError : name === 'PlatformError' ? PlatformError : AlgorithmError;
  return new Cause(code, message);
}
