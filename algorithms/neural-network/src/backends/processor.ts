/** The CPU in words. */
import { cpus } from 'node:os';

/** `AMD EPYC, 2 threads`. */
export function processorName(threads: number): string {
  return `${cpus()[0]?.model.trim() || 'CPU'}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
