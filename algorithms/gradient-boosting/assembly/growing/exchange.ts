/**
 * Histograms between hosts: what other hosts need of the histograms of a batch of nodes is copied side by side, so that it
 * is summed in one call, and the sums are copied back. Entries that split search does not read are left out.
 *
 *   packed   [ node a: limb 0: range, range …; limb 1: … | node b: … ]
 */
import { sumLocals } from './histogram';
import * as Layout from '../layout';
import * as Records from '../records';
import { takeTask, taskAddress, word } from '../memory';

/** PACK and UNPACK: a task is a node's histogram. */
export function exchangeHistograms(isBack: bool): void {
  const limbs = word(Layout.LIMBS);
  const first = word(Layout.EXCHANGED);
  const end = first + word(Layout.EXCHANGED_COUNT) * Records.RANGE_BYTES;
  for (let task = takeTask(); task >= 0; task = takeTask()) {
    const record = taskAddress(task, Records.EXCHANGE_TASK_BYTES);
    let histogram = word(record + Records.EXCHANGE_HISTOGRAM);
    let packed = word(record + Records.EXCHANGE_PACKED);
    const local = word(record + Records.EXCHANGE_LOCAL);
    if (!isBack && local) sumLocals(local, histogram, 0, word(Layout.COLUMNS));
    for (let limb: usize = 0; limb < limbs; limb++, histogram += word(Layout.LIMB_BYTES)) {
      for (let range = first; range < end; range += Records.RANGE_BYTES) {
        const bytes = word(range + Records.RANGE_END) - word(range + Records.RANGE_BEGIN);
        const entries = histogram + word(range + Records.RANGE_BEGIN);
        if (isBack) memory.copy(entries, packed, bytes);
        else memory.copy(packed, entries, bytes);
        packed += bytes;
      }
    }
  }
}
