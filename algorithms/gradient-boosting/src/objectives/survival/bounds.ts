/**
 * Intervals of survival times. Where only labels are given their signs say what was seen, as in Cox regression:
 *
 *   label  t > 0    the event came at t            [t, t]
 *   label −t < 0    no event until t               [t, ∞)
 */
import { ClientError } from '@algo/contract';
import { lookAtRow } from '../../engine/interruption.js';
import { checkLabels, rowNumber } from '../labels.js';
import type { LabelledRows, SurvivalBounds } from '../objective.js';

const SIGNED_TIME = {
  text: 'a finite number other than 0 (a time, negative when no event was seen until then)',
  accepts: (label: number) => Number.isFinite(label) && label !== 0,
};

/** The rows' bounds, from their labels where none are given. */
export function boundsOf({ bounds, labels }: LabelledRows): SurvivalBounds {
  if (bounds !== undefined) return bounds;
  return {
    lower: labels.map(Math.abs),
    upper: labels.map((label) => (label > 0 ? label : Number.POSITIVE_INFINITY)),
  };
}

/**
 * @param user what asks: an objective's or metric's name
 * @throws ClientError E_DATA_LABEL naming the first row that breaks a rule
 */
export function checkBounds(rows: LabelledRows, user: string): void {
  if (rows.bounds === undefined) {
    checkLabels(rows, SIGNED_TIME, user);
    return;
  }
  const { bounds, placeOf = rowNumber } = rows;
  const { lower, upper } = bounds;
  for (let row = 0; row < lower.length; row++) {
    lookAtRow(row);
    const low = lower[row]!;
    const high = upper[row]!;
    const isInterval = low >= 0 && low < Number.POSITIVE_INFINITY && high >= low && high > 0;
    if (isInterval) continue;
    throw new ClientError(
      'E_DATA_LABEL',
      `Bounds of ${placeOf(row)} must be 0 <= lower <= upper with lower finite and upper above 0 for ${user}; ` +
        `received lower ${low}, upper ${high}.`,
    );
  }
}
