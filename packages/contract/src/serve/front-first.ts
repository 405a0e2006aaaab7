/** Which process is the first to load the model: a worker, or the one that owns the sockets. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';

/** A larger model takes longer to load than the process that owns the sockets may be away. */
export const FRONT_MODEL_BYTES = 8 * 1024 * 1024;

/**
 * Whether the process that owns the sockets may load the model before any worker has: where small requests will be
 * answered by it, on no device, and the files are small. It can answer as soon as it has.
 */
export function isForFrontFirst({ boundedRows, supportsGpu }: Algorithm, { paths }: Environment): boolean {
  return boundedRows !== undefined && !supportsGpu && bytesBelow(paths.model) <= FRONT_MODEL_BYTES;
}

/** Of all files below a directory; 0 where it cannot be read. */
export function bytesBelow(directory: string): number {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
    return entries.reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
  } catch {
    return 0; // loading will say what is wrong
  }
}
