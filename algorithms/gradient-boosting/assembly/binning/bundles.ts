/**
 * Checks that the features of each bundle exclude each other: in no row are two of them above zero.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

/**
 * CHECK_BUNDLES: a task is a range of the block's rows. Of two features that are above zero in one row the later one is
 * marked, whichever thread sees it. Scratch: the last row that each bundle was seen in.
 */
export function checkBundles(thread: i32): void {
  const seen = word(Layout.SCRATCH) + <usize>thread * word(Layout.SCRATCH_BYTES);
  memory.fill(seen, 0, word(Layout.SCRATCH_BYTES));
  const end = word(Layout.CANDIDATES) + word(Layout.CANDIDATE_COUNT) * Records.CANDIDATE_RECORD_BYTES;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const range = taskAddress(task, Records.RANGE_BYTES);
    const endRow = word(range + Records.RANGE_END);
    for (let row = word(range + Records.RANGE_BEGIN); row < endRow; row++) {
      const values = word(Layout.BLOCK) + ((row * word(Layout.FEATURES)) << 2);
      for (let record = word(Layout.CANDIDATES); record < end; record += Records.CANDIDATE_RECORD_BYTES) {
        if (!(load<f32>(values + (word(record + Records.CANDIDATE_FEATURE) << 2)) > 0)) continue;
        const mark = seen + (word(record + Records.CANDIDATE_BUNDLE) << 2);
        if (load<u32>(mark) == <u32>row + 1) store<u32>(record, 1, Records.CANDIDATE_BROKEN);
        store<u32>(mark, <u32>row + 1);
      }
    }
  }
}
