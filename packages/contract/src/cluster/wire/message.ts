/** The messages between the main threads of a job's hosts, as lines of JSON. */
import { AlgorithmError, ClientError, type ContractError, type ErrorCode, PlatformError } from '../../errors.js';
import { cut, FAILURE_REASON_CHARS } from '../../failure.js';
import type { StopName } from '../../training/stop.js';
import type { ProgramFacts } from '../program-facts.js';

export type Message =
  /** Who connects, and to which job; first. */
  | { readonly kind: 'hello'; readonly host: string; readonly job: string }
  /** The program has asked for its communicator. */
  | { readonly kind: 'ready'; readonly program: ProgramFacts }
  | { readonly kind: 'beat' }
  /** A signal has come to this host; it holds for all. */
  | { readonly kind: 'stop'; readonly name: StopName }
  /** A stop has ended the work here, where other hosts may wait for it: they end with the model that the leader has. */
  | { readonly kind: 'halt'; readonly text: string }
  /** A line of a rank to the leader, or of the leader to this rank: wire/pmi.ts. */
  | { readonly kind: 'rank'; readonly line: string }
  /** The job has ended here, well; no beat will follow. */
  | { readonly kind: 'done' }
  | Failure;

/** The job has failed here, so that it ends on all hosts. */
export interface Failure {
  readonly kind: 'failed';
  /** Where, if not on the host that sends this, which passes it on. */
  readonly host?: string;
  readonly cause: keyof typeof CAUSES;
  readonly code: ErrorCode;
  readonly text: string;
}

export function lineOf(message: Message): string {
  return `${JSON.stringify(message)}\n`;
}

/** Undefined for what no host of ours sends. */
export function readMessage(line: string): Message | undefined {
  try {
    const message = JSON.parse(line) as Message;
    return Object.hasOwn(IS_COMPLETE, message.kind) && IS_COMPLETE[message.kind](message as never)
      ? message
      : undefined;
  } catch {
    return undefined;
  }
}

/** The failure of this host, for the others. */
export function failureMessage(error: ContractError): Failure {
  const text = cut(error.message, FAILURE_REASON_CHARS);
  return { kind: 'failed', cause: error.name as Failure['cause'], code: error.code, text };
}

/** The failure that another host reports, as this one's. @param from the host that sends it @param hosts of the job */
export function reportedFailure(
  from: string,
  { cause, code, host = from, text }: Failure,
  hosts: readonly string[],
): ContractError {
  return failureOfHost(new CAUSES[cause](code, text), host, hosts);
}

/** What went wrong on a host, with its name; one that names it, or compares two hosts, says already where it was. */
export function failureOfHost(error: ContractError, host: string, hosts: readonly string[]): ContractError {
  const words = new Set(error.message.split(/[\s,:;]+|\.(?=\s|$)/));
  const named = hosts.filter((name) => words.has(name));
  if (error.code === 'E_HOST' || named.length > 1 || named.includes(host)) return error;
  const Cause = CAUSES[error.name as Failure['cause']];
  return new Cause(error.code, `Host ${host} failed: ${error.message}`, { cause: error });
}

// --- internal ---

const CAUSES = { ClientError, PlatformError, AlgorithmError };

const isText = (value: unknown) => typeof value === 'string';

/** Whether a message of a kind has what belongs to it. */
const IS_COMPLETE: { readonly [K in Message['kind']]: (message: Extract<Message, { kind: K }>) => boolean } = {
  hello: ({ host, job }) => isText(host) && isText(job),
  ready: ({ program: { algorithm, hyperparameters, settings } }) =>
    [algorithm, ...Object.values(hyperparameters), ...Object.values(settings)].every(isText),
  beat: () => true,
  stop: ({ name }) => name === 'SIGTERM' || name === 'SIGINT',
  halt: ({ text }) => isText(text),
  rank: ({ line }) => isText(line),
  done: () => true,
  failed: ({ cause, code, host = '', text }) =>
    Object.hasOwn(CAUSES, cause) && isText(code) && isText(host) && isText(text),
};
