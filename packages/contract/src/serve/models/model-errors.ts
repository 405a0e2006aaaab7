/** What can be wrong with a request to the models of a multi-model container, in words. Statuses: serve/message.ts. */
import { AlgorithmError, ClientError, type ContractError, PlatformError } from '../../errors.js';
import { shorten } from '../message.js';

/** 404. */
export function notLoaded(name: string): ContractError {
  return new ClientError('E_MODEL_UNKNOWN', `Model "${shorten(name)}" is not loaded. Load it with POST /models.`);
}

/** 409. */
export function alreadyLoaded(name: string, isLoading: boolean): ContractError {
  const state = isLoading ? 'is being loaded' : 'is loaded';
  return new ClientError('E_MODEL_LOADED', `Model "${shorten(name)}" ${state} already. Unload it first.`);
}

/** 507. @param needed bytes; `free` are those above the reserve */
export function noRoomFor(name: string, needed: number, free: number): ContractError {
  return new PlatformError(
    'E_MODEL_MEMORY',
    `Model "${shorten(name)}" needs about ${mebibytes(needed)} MiB of memory to load; ${mebibytes(Math.max(0, free))} MiB are free above the reserve for requests. Unload other models, then retry.`,
  );
}

/** 507: the engine of every worker is near the limit of its own heap. */
export function noHeapFor(name: string, share: number): ContractError {
  return new PlatformError(
    'E_MODEL_MEMORY',
    `Model "${shorten(name)}" needs room in a worker's heap; the heaps are ${Math.round(share * 100)} % full. Unload other models, then retry.`,
  );
}

/** 507: the engine could not have what a model asked for. */
export function memoryRanOut(name: string): ContractError {
  return new PlatformError(
    'E_MODEL_MEMORY',
    `Model "${shorten(name)}" needs more memory to load than there is. Unload other models, then retry.`,
  );
}

/** 507: a request could not have what it asked for. */
export function noRoomToPredict(cause: unknown): ContractError {
  const message =
    'The request needs more memory than there is next to the loaded models. Unload other models, then retry, or send fewer rows per request.';
  return new PlatformError('E_MODEL_MEMORY', message, { cause });
}

/** 507 where the kernel or the engine has killed the process, as they do when memory runs out; 500 otherwise. */
export function lostWhileLoading(name: string, reason: string): ContractError {
  return lost(name, reason, 'while it loaded the model', 'The model may need more memory.');
}

/** The same of a worker that ended at a request. */
export function lostWhileAsked(name: string, reason: string): ContractError {
  return lost(name, reason, 'during this request', 'The request may need more memory.');
}

/** 500: more room would not help. */
export function loadedTooSlowly(name: string, limitMs: number): ContractError {
  return new AlgorithmError('E_ALGORITHM', `Model "${shorten(name)}" was not loaded within ${limitMs / 1000} s.`);
}

/** 404. */
export function noFolder(folder: string, reason: string): ContractError {
  return new ClientError('E_MODEL_FOLDER', `url must be the folder of a model; "${folder}" is not (${reason}).`);
}

// --- internal ---

function lost(name: string, reason: string, when: string, guess: string): ContractError {
  const where = `Model "${shorten(name)}": the worker process ended ${when} (${reason}).`;
  if (!/SIGKILL|SIGABRT|SIGTRAP/.test(reason)) return new AlgorithmError('E_ALGORITHM', where);
  return new PlatformError('E_MODEL_MEMORY', `${where} ${guess} Unload other models, then retry.`);
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 1024 ** 2);
}
