/** JSON and JSON Lines: `application/json` and `application/jsonlines`, rows of requests and of answers. */
import type { Format } from '../format.js';
import { isBlank } from '../text/lines.js';
import { readJsonBuffer, readJsonLinesBuffer } from './body.js';
import { jsonLinesReader, jsonReader } from './reader.js';
import { JSON_FRAME, writeJson, writeJsonLines } from './write-predictions.js';

export const jsonFormat = {
  type: 'application/json',
  shortNames: ['json'],
  aliases: [],
  channel: jsonReader,
  request: {
    isCheap: true,
    hasText: true,
    // A document of nothing is not JSON.
    isEmpty: () => false,
    read: (body, _type, rules) => readJsonBuffer(body, rules),
  },
  answer: { isDocument: true, frame: JSON_FRAME, write: writeJson },
} as const satisfies Format;

export const jsonLinesFormat = {
  type: 'application/jsonlines',
  shortNames: ['jsonlines'],
  aliases: ['application/x-jsonlines', 'application/jsonl', 'application/x-ndjson'],
  channel: jsonLinesReader,
  request: {
    lines: { hasComments: false },
    isCheap: true,
    hasText: true,
    isEmpty: isBlank,
    read: (body, _type, rules) => readJsonLinesBuffer(body, rules),
  },
  answer: { isDocument: false, write: writeJsonLines },
} as const satisfies Format;
