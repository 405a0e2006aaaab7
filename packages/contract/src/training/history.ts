/** The history of a training: one entry for each round or epoch, as the log, a checkpoint and a file of the output have it. */

/** Values by name: the round or epoch, its metrics such as `validation:auc`, and what else is known of it. */
export type HistoryEntry = Readonly<Record<string, number>>;

/** The file of /opt/ml/output/data that a history goes into. */
export const HISTORY_FILE = 'evaluation-history.json';

/** Without the metrics that the rows do not define, such as auc of rows of one class. */
export function definedValues(entry: HistoryEntry): HistoryEntry {
  return Object.fromEntries(Object.entries(entry).filter(([, value]) => Number.isFinite(value)));
}

/** JSON: a list of one object per entry. */
export function historyReport(history: readonly HistoryEntry[]): string {
  return `${JSON.stringify(history, null, 2)}\n`;
}
