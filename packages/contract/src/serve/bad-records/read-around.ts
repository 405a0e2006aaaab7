/**
 * The rows around bad records. A reader stops at the first bad record and names it, so the records before it are read again,
 * and what follows in parts: small ones behind a bad record, then each twice the last. So no record is read more than a few
 * times, however many are bad and wherever they are.
 */
import { ClientError } from '../../errors.js';
import type { Block, SparseBlock } from '../../formats/block.js';
import type { BadRecord, BodyRecords } from '../../formats/format.js';
import { BlockJoiner } from '../../formats/join-blocks.js';
import { giveBack } from '../../formats/lending.js';

/** A record that could not be read. */
export interface FoundRecord extends BadRecord {
  /** From 0. */
  readonly index: number;
}

export interface ReadAround {
  /** Those of the good records; undefined when there is none. */
  readonly rows: Block | SparseBlock | undefined;
  /** In their order. */
  readonly bad: readonly FoundRecord[];
}

/**
 * @param first what was wrong with the body as a whole
 * @throws an error that no record is to blame for
 */
export function readAround(records: BodyRecords, first: unknown): ReadAround {
  const joiner = new BlockJoiner();
  const bad: FoundRecord[] = [];
  let at = 0;
  /** Records that are read together next. */
  let size = Math.max(1, (badRecordIn(first, records.count) ?? 1) - 1);
  const take = (to: number) => {
    const block = records.read(at, to);
    if (block) joiner.add(block);
    giveBack(block);
    at = to;
  };
  while (at < records.count) {
    const to = Math.min(records.count, at + size);
    try {
      take(to);
      size *= 2;
    } catch (error) {
      const number = badRecordIn(error, to - at);
      if (number === undefined) throw error;
      if (number > 1) take(at + number - 1);
      bad.push(found(error as ClientError, at, records));
      at += 1;
      size = SMALL_PART;
    }
  }
  return { rows: joiner.finish(), bad };
}

// --- internal ---

const SMALL_PART = 64;
const PLACE = /^request (?:row|line|record) (\d+)(?: at byte \d+)?/;

/** The number, from 1, of the record that an error is about; undefined where it is about no single one of `count`. */
function badRecordIn(error: unknown, count: number): number | undefined {
  if (!(error instanceof ClientError) || !/^E_(DATA_|REQUEST_BODY$)/.test(error.code)) return undefined;
  const isAll = count === 1 && error.message.startsWith('request: ');
  const number = Number(PLACE.exec(error.message)?.[1] ?? (isAll ? 1 : Number.NaN));
  return number >= 1 && number <= count ? number : undefined;
}

/** With the place of the record in the whole body. */
function found({ code, message }: ClientError, index: number, records: BodyRecords): FoundRecord {
  const [place = ''] = PLACE.exec(message) ?? [];
  return { index, code, message: place === '' ? message : records.place(index) + message.slice(place.length) };
}
