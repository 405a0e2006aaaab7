/** libsvm: `text/libsvm`, sparse rows as text. */
import type { Format } from '../format.js';
import { isBlank } from '../text/lines.js';
import { readLibsvmBuffer } from './read-libsvm-buffer.js';
import { indexBaseOf, libsvmReader } from './reader.js';

export const libsvmFormat = {
  type: 'text/libsvm',
  shortNames: ['libsvm', 'x-libsvm'],
  aliases: ['text/x-libsvm', 'application/x-libsvm'],
  isSeen: (start) => FIRST_ROW.test(start.toString('latin1')),
  channel: libsvmReader,
  request: {
    lines: { hasComments: true },
    isCheap: false,
    isEmpty: isBlank,
    read(body, type, rules) {
      const indexBase = indexBaseOf(type, 'Header Content-Type') ?? rules.indexBase ?? 0;
      return readLibsvmBuffer(body, { ...rules, indexBase });
    },
  },
} as const satisfies Format;

// --- internal ---

/** A label, maybe with a weight, maybe a query, and one entry or more; comments before it. */
const FIRST_ROW =
  /^(?:\uFEFF)?(?:[ \t]*#[^\n]*\n)*[ \t]*[-+.\deE]+(?::[-+.\deE]+)?(?:[ \t]+qid:\d+)?(?:[ \t]+\d+:[-+.\w]+)+[ \t]*(?:#|\r?\n|$)/;
