/** NumPy's `.npy`: `application/x-npy`, an array of numbers, never a pickle. */
import type { Format } from '../format.js';
import { checkLabelSize } from '../label-size.js';
import { MAGIC } from './header.js';
import { writeNpy } from './write-predictions.js';

export const npyFormat = {
  type: 'application/x-npy',
  shortNames: ['npy', 'x-npy'],
  aliases: ['application/npy'],
  isSeen: (start) => start.subarray(0, MAGIC.length).equals(MAGIC),
  channel: {
    unit: 'record',
    readsRecordIO: false,
    parameters: ['label_size', 'max_columns'],
    checkContentType: checkLabelSize,
    hasNames: () => false,
    load: async () => (await import('./reader.js')).npyReader,
  },
  request: {
    isCheap: false,
    isEmpty: (body) => body.length === 0,
    async load() {
      const { readNpyBuffer } = await import('./read-npy-buffer.js');
      return (body, _type, rules) => readNpyBuffer(body, rules);
    },
  },
  answer: { isDocument: false, isWhole: true, write: writeNpy },
} as const satisfies Format;
