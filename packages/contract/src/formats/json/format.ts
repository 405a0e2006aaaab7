/** JSON and JSON Lines: `application/json` and `application/jsonlines`, rows of requests and of answers. */
import type { Format } from '../format.js';
import { checkLabelSize } from '../label-size.js';
import { isBlank } from '../text/lines.js';
import { JSON_FRAME, writeJson, writeJsonLines } from './write-predictions.js';

const CHANNEL = {
  readsRecordIO: false,
  hasText: true,
  parameters: ['label', 'label_size', 'text_columns', 'max_columns'],
  checkContentType: checkLabelSize,
  hasNames: () => true,
} as const;

export const jsonFormat = {
  type: 'application/json',
  shortNames: ['json'],
  aliases: [],
  channel: {
    ...CHANNEL,
    unit: 'record',
    load: async () => (await import('./reader.js')).jsonReader,
  },
  request: {
    isCheap: true,
    hasText: true,
    // A document of nothing is not JSON.
    isEmpty: () => false,
    async load() {
      const { readJsonBuffer } = await import('./body.js');
      return (body, _type, rules) => readJsonBuffer(body, rules);
    },
    loadRecords: async () => (await import('./records.js')).splitJsonList,
  },
  answer: { isDocument: true, frame: JSON_FRAME, write: writeJson },
} as const satisfies Format;

export const jsonLinesFormat = {
  type: 'application/jsonlines',
  shortNames: ['jsonlines'],
  aliases: ['application/x-jsonlines', 'application/jsonl', 'application/x-ndjson'],
  channel: {
    ...CHANNEL,
    unit: 'line',
    load: async () => (await import('./reader.js')).jsonLinesReader,
  },
  request: {
    lines: { hasComments: false },
    isCheap: true,
    hasText: true,
    isEmpty: isBlank,
    async load() {
      const { readJsonLinesBuffer } = await import('./body.js');
      return (body, _type, rules) => readJsonLinesBuffer(body, rules);
    },
    loadRecords: async () => (await import('./records.js')).splitJsonLines,
  },
  answer: { isDocument: false, write: writeJsonLines },
} as const satisfies Format;
