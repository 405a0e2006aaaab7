/**
 * Variables that are probably meant for the container but that it does not read: `ALGO_…` names are the algorithm's own too,
 * so a slip of the pen in one would change nothing, and nobody would hear of it.
 */
import { nearest } from '../hyperparameters/nearest.js';

/** The container's own variables among those that begin with ALGO_; README.md documents them. */
export const OWN_VARIABLES = [
  'ALGO_BAD_RECORDS',
  'ALGO_BATCH_MAX_DELAY_MS',
  'ALGO_BATCH_MAX_ROWS',
  'ALGO_BIND_TO_HOST',
  'ALGO_LOG_FORMAT',
  'ALGO_MAX_PAYLOAD_IN_MB',
  'ALGO_METRICS_NAMESPACE',
] as const;

/** A sentence for the log for each variable whose name is nearly one of the container's. @param variables by name */
export function misspeltVariables(variables: Readonly<Record<string, string>>): readonly string[] {
  const known: ReadonlySet<string> = new Set(OWN_VARIABLES);
  return Object.keys(variables).flatMap((name) => {
    const meant = known.has(name) ? undefined : nearest(name, OWN_VARIABLES);
    return meant === undefined ? [] : [`Variable ${name} is the algorithm's own; did you mean ${meant}?`];
  });
}
