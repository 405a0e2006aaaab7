/** Why a request failed, in the log: what an answer does not say, for whoever runs the container. */
import { ClientError, ContractError, textOf } from '../errors.js';
import { framesOf } from '../failure.js';
import type { Log } from '../log.js';

/**
 * One line for each call of the stack; a problem of the caller has none.
 * @param place method and path of the request
 */
export function logFailure(log: Log, error: unknown, place = 'POST /invocations'): void {
  for (const line of detailsOf(error, place)) log.error(line);
}

// --- internal ---

function detailsOf(error: unknown, place: string): string[] {
  if (!(error instanceof Error)) return [`${place}: ${textOf(error)}`];
  const summary = `${place}: ${error instanceof ClientError ? '' : `${error.name}: `}${error.message}`;
  if (error instanceof ClientError) return [summary];
  const cause = error instanceof ContractError && error.cause instanceof Error ? error.cause : undefined;
  const causes = cause ? [`caused by ${cause.name}: ${cause.message}`, ...framesOf(cause)] : [];
  return [summary, ...framesOf(error), ...causes];
}
