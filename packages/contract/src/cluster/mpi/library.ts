/**
 * MPI as a C library, called through koffi. Both lie in one folder, which packages/build/stage-mpi.js makes, outside of
 * any bundle; a job on one host loads neither. Numbers of handles are those of the standard's own binary interface, so that any library that
 * has it will do. Source: MPI 5.0, chapter 20 (application binary interface) and appendix A.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PlatformError } from '../../errors.js';
import type { Numbers } from '../communicator.js';
import { parkExits } from './exits.js';
import type { Koffi } from './koffi.js';

/** The calls, as the standard names them; each returns 0 or the number of an error. */
export interface MpiLibrary {
  initThread(argc: null, argv: null, required: number, provided: Int32Array): number;
  setErrorHandler(communicator: number, handler: number): number;
  size(communicator: number, size: Int32Array): number;
  allreduce(
    from: number,
    values: Numbers,
    count: number,
    type: number,
    operation: number,
    communicator: number,
  ): number;
  broadcast(values: Numbers, count: number, type: number, root: number, communicator: number): number;
  allgather(
    from: Numbers,
    fromCount: number,
    fromType: number,
    to: Numbers,
    toCounts: BigInt64Array,
    toOffsets: BigInt64Array,
    toType: number,
    communicator: number,
  ): number;
  barrier(communicator: number): number;
  finalize(): number;
  errorClass(code: number, errorClass: Int32Array): number;
  errorText(code: number, text: Uint8Array, length: Int32Array): number;
  version(text: Uint8Array, length: Int32Array): number;
}

/** Handles and constants of the binary interface. */
export const MPI = {
  inPlace: 1,
  world: 0x101,
  sum: 0x21,
  max: 0x23,
  errorsReturn: 0x143,
  threadFunneled: 1024,
  maxErrorString: 512,
  maxVersionString: 8192,
} as const;

/** The type of an array's elements. */
export function typeOf(values: Numbers): number {
  if (values instanceof Float64Array) return 0x214;
  if (values instanceof Float32Array) return 0x210;
  if (values instanceof Int32Array) return 0x250;
  if (values instanceof Uint32Array) return 0x251;
  if (values instanceof BigInt64Array) return 0x258;
  return 0x241;
}

/**
 * @param folder made by stage-mpi.js
 * @throws PlatformError E_ENVIRONMENT where it is not there or cannot be loaded
 */
export function loadMpi(folder: string): MpiLibrary {
  const path = join(folder, LIBRARY);
  if (!existsSync(path)) throw unusable(path, 'it is not there');
  try {
    const koffi = loadKoffi(folder);
    parkExits(koffi);
    keepLoaded(koffi, path);
    const library = koffi.load(path);
    const bind = <F>(name: string, types: readonly string[]) => library.func(name, 'int', types) as F;
    return {
      initThread: bind('MPI_Init_thread', ['void *', 'void *', 'int', 'void *']),
      setErrorHandler: bind('MPI_Comm_set_errhandler', [HANDLE, HANDLE]),
      size: bind('MPI_Comm_size', [HANDLE, 'void *']),
      allreduce: bind('MPI_Allreduce_c', [HANDLE, 'void *', COUNT, HANDLE, HANDLE, HANDLE]),
      broadcast: bind('MPI_Bcast_c', ['void *', COUNT, HANDLE, 'int', HANDLE]),
      allgather: bind('MPI_Allgatherv_c', [
        ...['void *', COUNT, HANDLE],
        ...['void *', 'void *', 'void *', HANDLE],
        HANDLE,
      ]),
      barrier: bind('MPI_Barrier', [HANDLE]),
      finalize: bind('MPI_Finalize', []),
      errorClass: bind('MPI_Error_class', ['int', 'void *']),
      errorText: bind('MPI_Error_string', ['int', 'void *', 'void *']),
      version: bind('MPI_Get_library_version', ['void *', 'void *']),
    };
  } catch (error) {
    throw unusable(path, error instanceof Error ? error.message : String(error), error);
  }
}

/** The folder of a job: that of its variable, or as an image has it, next to the program. */
export function mpiFolder(variables: Readonly<Record<string, string>>): string {
  return variables.ALGO_MPI_DIRECTORY ?? decodeURIComponent(new URL('mpi', import.meta.url).pathname);
}

/** @throws Error where it is not there */
export function loadKoffi(folder: string): Koffi {
  return createRequire(join(folder, LIBRARY))('koffi') as Koffi;
}

// --- internal ---

/** As the standard names a library of this interface. */
const LIBRARY = 'lib/libmpi_abi.so.1';
/** A pointer to something unknown. */
const HANDLE = 'uintptr_t';
const COUNT = 'int64_t';
/** RTLD_NOW and RTLD_NODELETE of dlopen. */
const OPEN_NOW = 2;
const NEVER_CLOSE = 0x1000;

/**
 * Koffi closes a library when the thread that has loaded it ends. What this one then does, in the order of its parts, crashes
 * some processes whose work was done; so it stays.
 */
function keepLoaded(koffi: Koffi, path: string): void {
  const open = koffi.load('libdl.so.2').func('dlopen', 'void *', ['str', 'int']) as (
    path: string,
    flags: number,
  ) => unknown;
  open(path, OPEN_NOW | NEVER_CLOSE);
}

function unusable(path: string, reason: string, cause?: unknown): PlatformError {
  return new PlatformError(
    'E_ENVIRONMENT',
    `A job on several hosts needs MPI at ${path}: ${reason}. On your own machine \`npm run mpi --workspace @algo/build\` gets it; the job's variable ALGO_MPI_DIRECTORY names another folder.`,
    { cause },
  );
}
