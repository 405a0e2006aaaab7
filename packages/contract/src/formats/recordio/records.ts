/** The records of a RecordIO body, found by their frames; a frame that is damaged hides all that follow. */
import { ClientError } from '../../errors.js';
import type { SplitRecords } from '../format.js';
import { readFrame } from './frames.js';
import { readRecordioBuffer } from './read-recordio-buffer.js';

export const splitRecordio: SplitRecords = (body, _type, rules) => {
  const starts = startsOf(body);
  return (
    starts && {
      count: starts.length - 1,
      place: (record) => `request record ${record + 1} at byte ${starts[record]}`,
      read: (from, to) => readRecordioBuffer(body.subarray(starts[from], starts[to]), rules),
    }
  );
};

// --- internal ---

/** [records + 1] where each record begins, and the end; undefined where a frame is damaged. */
function startsOf(bytes: Uint8Array): readonly number[] | undefined {
  const input = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
  const starts = [0];
  try {
    for (let at = 0; at < bytes.length; starts.push(at)) {
      const frame = readFrame(input, at, bytes.length, () => 'request');
      if (typeof frame === 'number') return undefined;
      at = frame.next;
    }
    return starts;
  } catch (error) {
    if (error instanceof ClientError) return undefined;
    throw error;
  }
}
