/** What the process, TensorFlow.js and a backend hold, garbage not counted. */
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from '../../src/backends/backend.js';

export interface Usage {
  readonly tensors: number;
  readonly bytes: number;
  readonly device: number | undefined;
  /** Bytes of JavaScript objects. */
  readonly heap: number;
  /** Resident bytes of the process. */
  readonly resident: number;
  /** Bytes that V8 has for objects, resident or not. */
  readonly heapRoom: number;
}

export function usage(backend: Backend): Usage {
  collectGarbage();
  const { numTensors, numBytes } = tf.memory();
  const { rss, heapTotal, heapUsed } = memoryUsage();
  return {
    ...{ tensors: numTensors, bytes: numBytes, device: backend.usedBytes() },
    ...{ heap: heapUsed, resident: rss, heapRoom: heapTotal },
  };
}

/**
 * Bytes by which memory outside V8's heap has grown. A leak there makes both numbers grow: the resident memory, and the
 * part of it outside V8. When V8 takes room for objects only the first grows; when it gives room back whose pages stay
 * resident, only the second.
 */
export function nativeGrowth(before: Usage, after: Usage): number {
  const resident = after.resident - before.resident;
  return Math.min(resident, resident - (after.heapRoom - before.heapRoom));
}

// --- internal ---

/** As a last resort: V8 also gives the system the pages back that it has no objects in, 15 to 30 MB. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: NodeJS.GCFunction = runInNewContext('gc');
  void collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
