/**
 * Checks that the features of each bundle exclude each other: in no row are two of them above zero.
 */
import { BLOCK, BLOCK_ROWS, CANDIDATE_COUNT, CANDIDATES, FEATURES, SCRATCH, SCRATCH_BYTES } from '../layout';
import {
  CANDIDATE_BROKEN,
  CANDIDATE_BUNDLE,
  CANDIDATE_FEATURE,
  CANDIDATE_RECORD_BYTES,
  RANGE_BEGIN,
  RANGE_BYTES,
  RANGE_END,
} from '../records';
import { takeTask, taskAddress, word } from '../memory';

/**
 * CHECK_BUNDLES: a task is a range of the block's rows. Of two features that are above zero in one row the later one is
 * marked, whichever thread sees it. Scratch: the last row that each bundle was seen in.
 */
export function checkBundles(thread: i32): void {
  const seen = word(SCRATCH) + <usize>thread * word(SCRATCH_BYTES);
  memory.fill(seen, 0, word(SCRATCH_BYTES));
  const end = word(CANDIDATES) + word(CANDIDATE_COUNT) * CANDIDATE_RECORD_BYTES;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, RANGE_BYTES);
    const endRow = word(range + RANGE_END);
    for (let row = word(range + RANGE_BEGIN); row < endRow; row++) {
      const values = word(BLOCK) + ((row * word(FEATURES)) << 2);
      for (let record = word(CANDIDATES); record < end; record += CANDIDATE_RECORD_BYTES) {
        if (!(load<f32>(values + (word(record + CANDIDATE_FEATURE) << 2)) > 0)) continue;
        const mark = seen + (word(record + CANDIDATE_BUNDLE) << 2);
        if (load<u32>(mark) == <u32>row + 1) store<u32>(record, 1, CANDIDATE_BROKEN);
        store<u32>(mark, <u32>row + 1);
      }
    }
  }
}
