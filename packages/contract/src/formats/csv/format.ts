/** CSV: `text/csv`, columns by position or by the names of a header line. */
import type { Format } from '../format.js';
import { isBlank } from '../text/lines.js';
import { checkCsvType, headerModeOf } from './content-type.js';
import { hasCommas } from './delimiter.js';
import { writeCsv } from './write-predictions.js';

export const csvFormat = {
  type: 'text/csv',
  shortNames: ['csv'],
  aliases: ['application/csv', 'text/x-csv'],
  channel: {
    unit: 'line',
    readsRecordIO: false,
    hasText: true,
    parameters: ['header', 'label', 'label_size', 'text_columns', 'max_columns'],
    checkContentType: checkCsvType,
    hasNames: (contentType) => headerModeOf(contentType, '') !== 'absent',
    load: async () => (await import('./reader.js')).csvReader,
  },
  request: {
    lines: { hasComments: false },
    headerOf: (type) => headerModeOf(type, OWNER),
    standsAlone: hasCommas,
    isCheap: true,
    parameters: ['header'],
    hasText: true,
    isEmpty: isBlank,
    async load() {
      const { readCsvBuffer } = await import('./read-csv-buffer.js');
      return (body, type, rules) => {
        checkCsvType(type, OWNER);
        const header = headerModeOf(type, OWNER);
        // The same object for the same model, by which its parser is found again.
        return readCsvBuffer(body, header === 'absent' ? rules : { ...rules, header });
      };
    },
    loadRecords: async () => (await import('./records.js')).splitCsv,
  },
  answer: { isDocument: false, write: writeCsv },
} as const satisfies Format;

// --- internal ---

const OWNER = 'Header Content-Type';
