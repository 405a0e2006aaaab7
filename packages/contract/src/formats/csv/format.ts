/** CSV: `text/csv`, columns by position. */
import type { Format } from '../format.js';
import { isBlank } from '../text/lines.js';
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
    isEmpty: isBlank,
    read(body, type, rules) {
      csvReader.checkContentType(type, 'Header Content-Type');
      return readCsvBuffer(body, rules);
    },
  },
  answer: { isDocument: false, write: writeCsv },
} as const satisfies Format;
