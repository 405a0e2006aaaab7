/**
 * The failure file: what SageMaker shows a user as FailureReason. It shows the first 1,024 characters only, so the
 * cause and the useful sentence go first and whatever room is left goes to the stack.
 */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeDirectory } from './directory.js';
import { AlgorithmError, type ContractError } from './errors.js';
import { visible } from './visible.js';

/** Length of FailureReason in the API (botocore FailureReason, max 1024). */
export const FAILURE_REASON_CHARS = 1024;

/** `Cause: message`, for our own bugs with the stack behind it, cut to what the service shows. */
export function failureText(error: ContractError): string {
  const summary = `${error.name}: ${error.message}`;
  const text = error instanceof AlgorithmError ? `${summary}\n${stackOf(error)}` : summary;
  return cut(text, FAILURE_REASON_CHARS);
}

/** Writes the failure file, making its directory. @throws Error when it cannot be written */
export function writeFailure(path: string, error: ContractError): void {
  makeDirectory(dirname(path));
  writeFileSync(path, failureText(error), { flush: true });
}

/** Where the error was first thrown, one call per line. */
export function stackOf(error: ContractError): string {
  return framesOf(error.cause instanceof Error ? error.cause : error).join('\n');
}

/** The calls of an error's stack, without its message, which may have lines of its own. */
export function framesOf({ name, message, stack = '' }: Error): string[] {
  const head = [`${name}: ${message}`, `Error: ${message}`].find((text) => stack.startsWith(text));
  const frames = head === undefined ? stack.split('\n').slice(1) : stack.slice(head.length).split('\n');
  return frames.filter((line) => /^\s+at /.test(line)).map(visible);
}

/** At most `limit` UTF-16 units and never half a character. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = limit - 1;
  const isSplit = text.codePointAt(end - 1)! > 0xffff;
  return `${text.slice(0, isSplit ? end - 1 : end)}…`;
}
