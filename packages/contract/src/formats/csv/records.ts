/** The records of a CSV body: its lines, but for the header line. */
import type { SplitRecords } from '../format.js';
import { lineRecords } from '../text/line-records.js';
import { lineAfter, lineEnd } from '../text/lines.js';
import { headerModeOf } from './content-type.js';
import { delimiterOf } from './delimiter.js';
import { isHeaderLine } from './header.js';
import { readCsvBuffer } from './read-csv-buffer.js';

export const splitCsv: SplitRecords = (body, type, rules) => {
  const mode = headerModeOf(type, 'Header Content-Type');
  const hasHeader = mode === 'present' || (mode === 'auto' && beginsWithHeader(body, rules.featureNames));
  const options = hasHeader ? ({ ...rules, header: 'present' } as const) : rules;
  return lineRecords(body, { unit: 'row', hasHeader, read: (part) => readCsvBuffer(part, options) });
};

// --- internal ---

function beginsWithHeader(body: Uint8Array, known: readonly string[] | undefined): boolean {
  const first = body.subarray(0, lineEnd(body, 0));
  const next = body.subarray(lineAfter(body, 0));
  return isHeaderLine(first, next.subarray(0, lineEnd(next, 0)), delimiterOf(first), known);
}
