/** libsvm: `text/libsvm`, sparse rows as text. */
import type { Format } from '../format.js';
import { isBlank } from '../text/lines.js';
import { indexBaseOf } from './index-base.js';

export const libsvmFormat = {
  type: 'text/libsvm',
  shortNames: ['libsvm', 'x-libsvm'],
  aliases: ['text/x-libsvm', 'application/x-libsvm'],
  isSeen: (start) => FIRST_ROW.test(start.toString('latin1')),
  channel: {
    unit: 'line',
    readsRecordIO: false,
    parameters: ['index_base', 'max_columns', 'label_size'],
    checkContentType(contentType, owner) {
      indexBaseOf(contentType, owner);
    },
    hasNames: () => false,
    load: async () => (await import('./reader.js')).libsvmReader,
  },
  request: {
    lines: { hasComments: true },
    isCheap: false,
    parameters: ['index_base'],
    isEmpty: isBlank,
    async load() {
      const { readLibsvmBuffer } = await import('./read-libsvm-buffer.js');
      return (body, type, rules) => {
        const indexBase = indexBaseOf(type, 'Header Content-Type') ?? rules.indexBase ?? 0;
        return readLibsvmBuffer(body, { ...rules, indexBase });
      };
    },
    loadRecords: async () => (await import('./records.js')).splitLibsvm,
  },
} as const satisfies Format;

// --- internal ---

/** A label, maybe with a weight, maybe a query, and one entry or more; comments before it. */
const FIRST_ROW =
  /^(?:\uFEFF)?(?:[ \t]*#[^\n]*\n)*[ \t]*[-+.\deE]+(?::[-+.\deE]+)?(?:[ \t]+qid:\d+)?(?:[ \t]+\d+:[-+.\w]+)+[ \t]*(?:#|\r?\n|$)/;
