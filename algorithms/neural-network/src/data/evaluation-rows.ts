/**
 * Rows for evaluating a network, in parts on the device: uploaded once if they are one window, otherwise read again for
 * every evaluation.
 */
import type { NetworkDefinition } from '../network/definition.js';
import { widestLayer } from '../network/weights.js';
import { type DeviceRows, disposeRows, uploadRows } from './device-rows.js';
import type { Window } from './row-chunks.js';

export interface EvaluationWindow {
  readonly window: Window;
  /** The same rows on the device; they stay this one's. */
  readonly device: DeviceRows;
}

export interface EvaluationRows {
  /** One pass over all rows. */
  windows(): AsyncGenerator<EvaluationWindow, void, undefined>;
  dispose(): void;
}

/** @param windows one pass over all rows; called once when they are a single window */
export function createEvaluationRows(
  definition: NetworkDefinition,
  windows: () => AsyncIterable<Window> | Iterable<Window>,
): EvaluationRows {
  let resident: EvaluationWindow | undefined;

  async function* pass(): AsyncGenerator<EvaluationWindow, void, undefined> {
    if (resident) return yield resident;
    let last: EvaluationWindow | undefined;
    let count = 0;
    try {
      for await (const window of windows()) {
        if (last) disposeRows(last.device);
        last = { window, device: uploadRows(definition, window, undefined) };
        count += 1;
        yield last;
      }
      if (count === 1) resident = last;
    } finally {
      if (last && last !== resident) disposeRows(last.device);
    }
  }

  return {
    windows: pass,
    dispose() {
      if (resident) disposeRows(resident.device);
      resident = undefined;
    },
  };
}

/** Values of one layer's outputs that are computed at a time. */
const PART_VALUES = 2 ** 22;
const PART_ROWS = 4096;

/** Rows that go through the network at a time without training: as many as its widest layer leaves room for. */
export function rowsAtOnce(definition: NetworkDefinition): number {
  return Math.max(1, Math.min(PART_ROWS, Math.floor(PART_VALUES / widestLayer(definition))));
}
