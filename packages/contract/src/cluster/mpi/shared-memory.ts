/**
 * The file of shared memory that MPI makes for ranks of one machine, although none of a job's are. Without a name, its memory
 * is free once the process has ended, however it ends; with one, each host that was killed would leave a megabyte.
 */
import { readFileSync, rmSync } from 'node:fs';

/** Removes the names of the files that this process has; it keeps their memory. */
export function unnameSharedMemory(): void {
  const names = readFileSync('/proc/self/maps', 'utf8').match(/\/dev\/shm\/mpich_shm_\w+$/gm) ?? [];
  for (const name of new Set(names)) rmSync(name, { force: true });
}
