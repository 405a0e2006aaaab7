/**
 * The sentences for what can be wrong with a libsvm line: where, what must hold, what was received, what to do.
 */
import { ClientError } from '../../errors.js';
import { contentHint } from '../content-hint.js';
import { beyondFloat32 } from '../float32-range.js';
import { type Place, quoteValue } from '../place.js';
import { STOPPED } from './kernel.js';

/** What is known of a bad line. */
export interface BadLine {
  readonly place: Place;
  /** From 1. */
  readonly line: number;
  /** The part of the line between blanks that is wrong. */
  readonly token: string;
  readonly indexBase: 0 | 1;
  /** Columns that a row may have, when that is known. */
  readonly featureCount: number | undefined;
  /** For `repeated`: the column, from 0. */
  readonly repeatedColumn: number;
  /** The first bytes of the file when the line is its first one, else none. */
  readonly fileStart: Uint8Array;
}

/** The largest index of a column: they are 32-bit integers. */
export const MAX_INDEX = 2_147_483_646;

/** The error for what the kernel found; `problem` is one of STOPPED. */
export function badLine(problem: number, bad: BadLine): ClientError {
  const where = `${bad.place.label} ${bad.place.unit} ${bad.line}`;
  const received = `received ${quoteValue(bad.token)}`;
  const [index = '', value = ''] = bad.token.split(':');
  const entry = `${where} index ${index}`;
  switch (problem) {
    case STOPPED.badLabel:
      return new ClientError(
        'E_DATA_NUMBER',
        `${where}: the label must be a finite number; ${received}.${formatHint(bad)}`,
      );
    case STOPPED.badWeight:
      return new ClientError(
        'E_DATA_WEIGHT',
        `${where}: the weight after the label must be a finite number ≥ 0; ${received}.`,
      );
    case STOPPED.weightPresence:
      return new ClientError(
        'E_DATA_WEIGHT',
        `${where}: every row or none must have a weight, as the first one has or has not; ${received}.`,
      );
    case STOPPED.badQuery:
      return new ClientError(
        'E_DATA_QUERY',
        `${where}: a query must be qid: and a whole number up to 2^53; ${received}.`,
      );
    case STOPPED.queryPresence:
      return new ClientError(
        'E_DATA_QUERY',
        `${where}: every row or none must have a qid after its label, as the first one has or has not; ${received}.`,
      );
    case STOPPED.badIndex:
      return badIndex(where, index, bad);
    case STOPPED.repeated: {
      const repeated = bad.repeatedColumn + bad.indexBase;
      return new ClientError('E_DATA_INDEX', `${where}: index ${repeated} occurs twice; each index may occur once.`);
    }
    case STOPPED.missing:
      return new ClientError(
        'E_DATA_MISSING',
        `${entry}: the value must not be missing; received ${quoteValue(value)}. Fill it in or drop the row.`,
      );
    case STOPPED.infinite:
      return new ClientError(
        'E_DATA_INFINITE',
        `${entry}: the value must be finite; received ${quoteValue(value)}. Correct it or drop the row.`,
      );
    case STOPPED.outOfRange:
      return beyondFloat32(entry, 'value', quoteValue(value));
    case STOPPED.labelOutOfRange:
      return beyondFloat32(where, 'label', quoteValue(index));
    case STOPPED.weightOutOfRange:
      return beyondFloat32(where, 'sample weight', quoteValue(value));
    case STOPPED.badValue:
      return new ClientError('E_DATA_NUMBER', `${entry}: expected a number; ${received}.`);
    default:
      return new ClientError('E_DATA_NUMBER', `${where}: expected index:value; ${received}.${formatHint(bad)}`);
  }
}

// --- internal ---

/** `index:value`, which a CSV line may have as a time of day at most. */
const ENTRY = /(?:^|[\s,;|])\d+:[-+.\deE]+(?=[\s,;|]|$)/;
const TABS_ONLY = /^[^:\t]+(?:\t[^:\t]*)+$/;

/** What a first line that is no row may be. */
function formatHint({ fileStart }: BadLine): string {
  const content = contentHint(fileStart);
  if (content !== '') return content;
  const [line = ''] = Buffer.from(fileStart).toString('utf8').split('\n', 1);
  const isTable = (/[,;|]/.test(line) && !ENTRY.test(line)) || TABS_ONLY.test(line);
  return isTable ? ' This looks like CSV: its content type is text/csv.' : '';
}

function badIndex(where: string, index: string, { indexBase, featureCount }: BadLine): ClientError {
  const isBelow = Number(index) < indexBase;
  const highest = featureCount === undefined ? MAX_INDEX + indexBase : featureCount - 1 + indexBase;
  const hint = isBelow ? ' The content type says index_base=1.' : '';
  return new ClientError(
    'E_DATA_INDEX',
    `${where}: an index must be in [${indexBase}, ${highest}]${featureCount === undefined ? '' : ` for ${featureCount} columns`}; received ${index}.${hint}`,
  );
}
