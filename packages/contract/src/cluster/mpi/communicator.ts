/**
 * A communicator over MPI. All calls come from the thread that trains, and block it until the other hosts have made the same
 * call; signals arrive at another thread (training/program.ts), which also watches the hosts while this one waits.
 */
import { deserialize, serialize } from 'node:v8';
import { AlgorithmError, PlatformError } from '../../errors.js';
import type { Communicator, Numbers } from '../communicator.js';
import { MPI, type MpiLibrary, typeOf } from './library.js';
import { unnameSharedMemory } from './shared-memory.js';

export interface MpiCommunicator extends Communicator {
  /** The name and version of the library, as it says itself. */
  readonly library: string;
  /** Once the other hosts have taken what this one has sent; no call may follow. */
  close(): void;
}

export interface MpiOptions {
  readonly rank: number;
  readonly size: number;
  /** What to do when the other hosts cannot be reached: it never returns. @param reason MPI's own words */
  onBroken(reason: string): never;
}

/**
 * Connects this host with the others; returns once all of them have called it.
 * @throws PlatformError E_HOST for a library that has not found the other hosts
 */
export function openMpi(mpi: MpiLibrary, { rank, size, onBroken }: MpiOptions): MpiCommunicator {
  const check = (code: number, call: string) => {
    if (code === 0) return;
    const [errorClass, length] = [new Int32Array(1), new Int32Array(1)];
    mpi.errorClass(code, errorClass);
    const text = Buffer.alloc(MPI.maxErrorString);
    mpi.errorText(code, text, length);
    const reason = `${call}: ${text.toString('utf8', 0, length[0]).trim().replaceAll('\n', '; ')}`;
    if (!MISUSE.has(errorClass[0]!)) onBroken(reason);
    throw new AlgorithmError('E_ALGORITHM', `All hosts must call the communicator alike; ${reason}.`);
  };
  const provided = new Int32Array(1);
  check(mpi.initThread(null, null, MPI.threadFunneled, provided), 'MPI_Init_thread');
  unnameSharedMemory();
  // Otherwise the library ends the process at its first error, without a failure file.
  check(mpi.setErrorHandler(MPI.world, MPI.errorsReturn), 'MPI_Comm_set_errhandler');
  const found = new Int32Array(1);
  check(mpi.size(MPI.world, found), 'MPI_Comm_size');
  if (found[0] !== size) throw new PlatformError('E_HOST', `MPI must have ${size} ranks; it has ${found[0]}.`);

  const reduce = (values: Numbers, operation: number) => {
    const code = mpi.allreduce(MPI.inPlace, values, values.length, typeOf(values), operation, MPI.world);
    check(code, 'MPI_Allreduce');
  };
  const gather = <T extends Numbers>(part: T): T[] => {
    const lengths = new Float64Array(size);
    lengths[rank] = part.length;
    reduce(lengths, MPI.sum);
    const counts = BigInt64Array.from(lengths, BigInt);
    const offsets = new BigInt64Array(size);
    for (let i = 1; i < size; i++) offsets[i] = offsets[i - 1]! + counts[i - 1]!;
    const all = newArray(part, Number(offsets[size - 1]! + counts[size - 1]!));
    const type = typeOf(part);
    check(mpi.allgather(part, part.length, type, all, counts, offsets, type, MPI.world), 'MPI_Allgatherv');
    return Array.from(lengths, (length, i) => all.slice(Number(offsets[i]), Number(offsets[i]) + length) as T);
  };
  const flag = new Uint8Array(1);
  return {
    rank,
    size,
    library: libraryName(mpi),
    sum: (values) => reduce(values, MPI.sum),
    max: (values) => reduce(values, MPI.max),
    any(isSet) {
      flag[0] = Number(isSet);
      reduce(flag, MPI.max);
      return flag[0] === 1;
    },
    broadcast(values, root = 0) {
      check(mpi.broadcast(values, values.length, typeOf(values), root, MPI.world), 'MPI_Bcast');
    },
    gather,
    gatherValues: (value) => gather(bytesOf(value)).map((bytes) => deserialize(bytes) as typeof value),
    barrier: () => check(mpi.barrier(MPI.world), 'MPI_Barrier'),
    close: () => check(mpi.finalize(), 'MPI_Finalize'),
  };
}

// --- internal ---

/** MPI_ERR_BUFFER, COUNT, TYPE, ROOT, OP, ARG and TRUNCATE: the arrays or their order are wrong, not the network. */
const MISUSE = new Set([1, 2, 3, 8, 10, 13, 15]);

function bytesOf(value: unknown): Uint8Array {
  const { buffer, byteOffset, byteLength } = serialize(value);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function newArray<T extends Numbers>(like: T, length: number): T {
  const kind = like instanceof Uint8Array ? Uint8Array : like.constructor; // no Buffer, which warns
  return new (kind as new (length: number) => T)(length);
}

/** `MPICH 5.0.2`. */
function libraryName(mpi: MpiLibrary): string {
  const length = new Int32Array(1);
  const text = Buffer.alloc(MPI.maxVersionString);
  mpi.version(text, length);
  const lines = text.toString('utf8', 0, length[0]);
  return /^(\S+) Version:\s*(\S+)/.exec(lines)?.slice(1).join(' ') ?? lines.split('\n')[0]!;
}
