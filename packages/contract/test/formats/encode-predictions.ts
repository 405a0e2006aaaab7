/** Predictions in the format of a media type, as an answer writes them. */

import { ANSWER_FORMATS, formatOf } from '../../src/formats/formats.js';
import type { Predictions } from '../../src/prediction.js';

export type AnswerType = (typeof ANSWER_FORMATS)[number]['type'];

export function encodePredictions(
  predictions: Predictions,
  rows: number,
  outputs: Readonly<Record<string, unknown>>,
  type: AnswerType,
  hasFinalNewline: boolean,
): Buffer {
  const names = Object.keys(outputs).filter((name) => Object.hasOwn(predictions, name));
  const { answer } = formatOf(type, ANSWER_FORMATS)!;
  return answer.write(predictions, rows, names, { hasFinalNewline, gaps: new Map() });
}
