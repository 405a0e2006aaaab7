/** Blank lines and bad records of a request in their places among its rows, as answers and the log have them. */
import { ClientError } from '../../errors.js';
import type { AnswerLayout, BadRecord, Gap } from '../../formats/format.js';
import type { Log } from '../../log.js';
import type { Records } from '../blank-lines.js';
import type { FoundRecord } from './read-around.js';

export type Gaps = AnswerLayout['gaps'];

export const NO_GAPS: Gaps = new Map();

/** Bad records have their place in the body that was sent, as errors have. @param hasHeader whether the first line is no record */
export function gapsOf(
  { blanks, placed }: Pick<Records, 'blanks' | 'placed'>,
  bad: readonly FoundRecord[],
  hasHeader: boolean,
): Gaps {
  if (blanks.size === 0 && bad.length === 0) return NO_GAPS;
  /** By the records before them, bad ones too. A blank line is before the record of its number. */
  const byRecord = new Map<number, Gap[]>();
  const add = (record: number, added: readonly Gap[]) =>
    byRecord.set(record, [...(byRecord.get(record) ?? []), ...added]);
  for (const [lines, count] of blanks) add(Math.max(0, lines - Number(hasHeader)), Array(count).fill('blank'));
  for (const found of bad) add(found.index, [atPlace(found, placed, hasHeader)]);
  const gaps = new Map<number, Gap[]>();
  let badBefore = 0;
  for (const record of [...byRecord.keys()].sort((a, b) => a - b)) {
    const row = record - badBefore;
    const own = byRecord.get(record)!;
    const before = gaps.get(row);
    if (before) for (const gap of own) before.push(gap);
    else gaps.set(row, own);
    badBefore += Number(own.at(-1) !== 'blank');
  }
  return gaps;
}

/** The first of a request are logged one by one: place and rule, without the value. */
export function logBadRecords(log: Log, gaps: Gaps): void {
  let count = 0;
  for (const gap of [...gaps.values()].flat()) {
    if (gap === 'blank') continue;
    count += 1;
    if (count <= LOGGED) log.error(`POST /invocations: ${ruleOf(gap)} (${gap.code}); answered by a placeholder`);
  }
  if (count > LOGGED) log.error(`POST /invocations: ${count - LOGGED} more records were answered by placeholders`);
}

/** A message quotes values: what was received is for the caller only. */
export function ruleOf({ message }: Pick<BadRecord, 'message'>): string {
  return message.replace(/(?:; | )received .*$/s, '').replace(/\.$/, '');
}

// --- internal ---

const LOGGED = 10;

function atPlace({ code, message }: FoundRecord, placed: Records['placed'], hasHeader: boolean): BadRecord {
  const error = placed(new ClientError(code, message), hasHeader);
  return { code, message: error instanceof Error ? error.message : message };
}
