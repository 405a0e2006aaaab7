/** The records of a libsvm body: its lines, but for comments. */
import type { SplitRecords } from '../format.js';
import { lineRecords } from '../text/line-records.js';
import { indexBaseOf } from './index-base.js';
import { readLibsvmBuffer } from './read-libsvm-buffer.js';

export const splitLibsvm: SplitRecords = (body, type, rules) => {
  const indexBase = indexBaseOf(type, 'Header Content-Type') ?? rules.indexBase ?? 0;
  const read = (part: Uint8Array) => readLibsvmBuffer(part, { ...rules, indexBase });
  return lineRecords(body, { unit: 'line', hasComments: true, read });
};
