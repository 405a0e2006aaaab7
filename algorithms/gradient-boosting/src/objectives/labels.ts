/**
 * Label rules of the losses, checked once before training so that a bad label is named by its place instead of showing
 * up as NaN in a tree.
 */
import { ClientError } from '@algo/contract';
import { lookAtRow } from '../engine/interruption.js';
import type { LabelledRows } from './objective.js';

/** A rule and the words for it: "in [0, 1]". */
export interface LabelRule {
  readonly text: string;
  accepts(label: number): boolean;
}

export const ANY_LABEL: LabelRule = { text: 'a finite number', accepts: Number.isFinite };
export const UNIT_LABEL: LabelRule = { text: 'in [0, 1]', accepts: (label) => label >= 0 && label <= 1 };
export const POSITIVE_LABEL: LabelRule = {
  text: 'a finite number above 0',
  accepts: (label) => label > 0 && label < Number.POSITIVE_INFINITY,
};
export const NON_NEGATIVE_LABEL: LabelRule = {
  text: 'a finite number of at least 0',
  accepts: (label) => label >= 0 && label < Number.POSITIVE_INFINITY,
};

/** Whole numbers from 0 to count − 1. */
export function classLabel(count: number): LabelRule {
  return {
    text: `a whole number from 0 to ${count - 1} (num_class is ${count})`,
    accepts: (label) => label >= 0 && label < count && Number.isInteger(label),
  };
}

/** A row in messages where nobody knows its place in the data. @param row from 0 */
export function rowNumber(row: number): string {
  return `row ${row + 1}`;
}

/**
 * @param rows whose labels are [rows × targetCount]
 * @param user what asks for the rule: an objective's or metric's name
 * @throws ClientError E_DATA_LABEL with the place of the first row that breaks the rule
 */
export function checkLabels(
  { labels, targets = 1, placeOf = rowNumber }: Pick<LabelledRows, 'labels' | 'targets' | 'placeOf'>,
  rule: LabelRule,
  user: string,
): void {
  for (let index = 0; index < labels.length; index++) {
    lookAtRow(index);
    const label = labels[index]!;
    if (rule.accepts(label)) continue;
    const place = placeOf(Math.floor(index / targets));
    throw new ClientError('E_DATA_LABEL', `Label of ${place} must be ${rule.text} for ${user}; received ${label}.`);
  }
}
