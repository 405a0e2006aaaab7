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
import type { Log } from '../log.js';

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

/** Logs the cause of a failure; callers get it for as long as the container lives. */
export function explainFailure(failure: ModelFailure, log: Log): ContractError {
  log.error(`${failure.name} ${failure.code}: The model cannot be used. ${failure.message}`);
  for (const line of failure.stack?.split('\n') ?? []) log.error(line);
  return errorOf(failure);
}
