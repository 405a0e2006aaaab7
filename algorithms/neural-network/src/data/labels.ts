/**
 * Labels: what the first pass computes from them (the scaling of numbers, the frequency of each class), and their form
 * in the network: numbers standardized, classes unchanged.
 */
import { type Block, type Channel, ClientError, placeOfRow } from '@algo/contract';
import type { Scaling, Task } from '../network/definition.js';
import { createMoments, joinMoments, type MomentSums } from './moments.js';

type NamedChannel = Pick<Channel, 'name' | 'mode' | 'contentType'>;
type LabelledRows = Pick<Block, 'rows' | 'labels' | 'labelCount' | 'weights' | 'source' | 'firstLine'>;

export interface LabelSummary {
  /** Label columns. */
  readonly count: number;
  /** [count] of a regression. */
  readonly scaling: Scaling | undefined;
  /** [classes] sum of the rows' weights in each class. */
  readonly classTotals: Float64Array | undefined;
}

/** What a summary is made of. */
export interface LabelSums {
  /** Label columns; 0 without rows. */
  readonly count: number;
  /** Of a regression; otherwise of no rows. */
  readonly moments: MomentSums;
  /** [classes] sum of the rows' weights in each class; undefined for a regression. */
  readonly classTotals: Float64Array | undefined;
}

export interface LabelCollector {
  /** @throws ClientError E_DATA_LABEL, E_DATA_COLUMNS naming the place */
  add(block: LabelledRows): void;
  sums(): LabelSums;
}

/** @param channel that the rows are of @param classCount undefined for a regression */
export function createLabelCollector(channel: NamedChannel, classCount: number | undefined): LabelCollector {
  const moments = createMoments();
  const totals = classCount === undefined ? undefined : new Float64Array(classCount);
  let count = 0;
  return {
    add(block) {
      requireLabels(channel, block, classCount);
      count = block.labelCount;
      if (!totals) return moments.add(block.labels, block.rows, count);
      for (let row = 0; row < block.rows; row++) totals[block.labels[row]!]! += block.weights ? block.weights[row]! : 1;
    },
    sums: () => ({ count, moments: moments.sums(), classTotals: totals }),
  };
}

/** The labels of all rows of the channel, of which each part has some. @throws ClientError E_DATA_RANGE for labels beyond a double */
export function summarizeLabels(channel: string, parts: readonly LabelSums[]): LabelSummary {
  const classTotals = parts[0]!.classTotals?.map((_, label) =>
    parts.reduce((sum, part) => sum + part.classTotals![label]!, 0),
  );
  const moments = joinMoments(parts.map((part) => part.moments));
  return {
    count: parts.reduce((most, { count }) => Math.max(most, count), 0),
    scaling: classTotals ? undefined : moments.scaling((column) => `Channel "${channel}": label column ${column + 1}`),
    classTotals,
  };
}

/**
 * @param channel    that the rows are of
 * @param classCount undefined for a regression
 * @param count      label columns that the training rows have; undefined while that is not known
 * @throws ClientError E_DATA_LABEL, E_DATA_COLUMNS naming the place
 */
export function requireLabels(
  channel: NamedChannel,
  block: LabelledRows,
  classCount: number | undefined,
  count?: number,
): void {
  const { labels, labelCount, rows } = block;
  const wanted = classCount === undefined ? count : 1;
  if (labelCount < 1 || (wanted !== undefined && labelCount !== wanted)) {
    const reason = classCount === undefined ? 'as the training rows' : 'the class';
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${placeOfRow(channel, block)}: rows must have ${wanted ?? 'at least 1'} label column${wanted === 1 ? '' : 's'}, ${reason}; received ${labelCount}. Check label_size of the content type, or in RecordIO and libsvm the labels of each row.`,
    );
  }
  if (classCount === undefined) return;
  for (let row = 0; row < rows; row++) {
    const label = labels[row]!;
    if (Number.isInteger(label) && label >= 0 && label < classCount) continue;
    throw new ClientError(
      'E_DATA_LABEL',
      `${placeOfRow(channel, block, row)}: the label must be a class, ${classCount === 2 ? '0 or 1' : `an integer in [0, ${classCount - 1}]`}; received ${label}.`,
    );
  }
}

/** Numbers that a label's row takes where the network reads it. */
export function labelWidth(task: Task, labelCount: number): number {
  return task === 'regression' ? labelCount : 1;
}

/** How much the loss of each class counts: as given, or so that all classes count the same in the sum. */
export function classWeights(
  wanted: 'balanced' | readonly number[] | undefined,
  classTotals: Float64Array | undefined,
): Float64Array | undefined {
  if (wanted === undefined || !classTotals) return undefined;
  if (wanted !== 'balanced') return Float64Array.from(wanted);
  const total = classTotals.reduce((sum, weight) => sum + weight, 0);
  // A class without rows has no loss to weigh in training.
  return classTotals.map((weight) => (weight > 0 ? total / (classTotals.length * weight) : 1));
}
