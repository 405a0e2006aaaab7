/** What is known of each epoch, and the file of /opt/ml/output/data that tells it. */

/** Metric values of an epoch, by name; `epoch` counts from 1, and `learning_rate` is that of its last step. */
export type HistoryEntry = Readonly<Record<string, number>>;

export const HISTORY_FILE = 'evaluation-history.json';

/** One object an epoch. */
export function historyReport(history: readonly HistoryEntry[]): string {
  return `${JSON.stringify(history, null, 2)}\n`;
}
