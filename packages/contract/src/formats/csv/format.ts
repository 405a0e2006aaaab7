/** CSV: `text/csv`, columns by position or by the names of a header line. */
import type { Format } from '../format.js';
import { isBlank } from '../text/lines.js';
import { headerModeOf } from './header.js';
import { readCsvBuffer } from './read-csv-buffer.js';
import { csvReader } from './reader.js';
import { writeCsv } from './write-predictions.js';

export const csvFormat = {
  type: 'text/csv',
  shortNames: ['csv'],
  aliases: ['application/csv', 'text/x-csv'],
  channel: csvReader,
  request: {
    lines: { hasComments: false },
    isCheap: true,
    hasText: true,
    isEmpty: isBlank,
    read(body, type, rules) {
      csvReader.checkContentType(type, OWNER);
      return readCsvBuffer(body, { ...rules, header: headerModeOf(type, OWNER) });
    },
  },
  answer: { isDocument: false, write: writeCsv },
} as const satisfies Format;

// --- internal ---

const OWNER = 'Header Content-Type';
