/**
 * Where to compute: the first of tensorflow, webgpu, wasm and cpu that works here, or the requested one. A backend
 * works if it computes a small product correctly; that its package can be imported is not enough.
 */
import { ClientError, type Log, PlatformError } from '@algo/contract';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import { BACKEND_NAMES, type Backend, type BackendName } from './backend.js';
import { findHostGpu, type HostGpu, unusableGpuText, unusedGpuText } from './host-gpu.js';

export type WantedBackend = BackendName | 'auto';

/** Names the backend where the hyperparameter does not, as in a container that serves. */
export const BACKEND_VARIABLE = 'ALGO_BACKEND';

export interface StartSettings {
  /** Of tensorflow on a processor, and of wasm; by default the processors that this process may use. */
  readonly threads?: number | undefined;
  /** Whether the backend was asked for by name: then a GPU that is only emulated will do. */
  readonly isForced: boolean;
  /** Gets lines that libraries print. */
  warn(line: string): void;
}

/** Rejects with the reason why the backend cannot start here. */
export type Starter = (settings: StartSettings) => Promise<Backend>;

/**
 * The hyperparameter, or, where that says auto, the variable.
 * @param variables those of the environment that begin with ALGO_
 * @throws PlatformError E_ENVIRONMENT when the variable names no backend
 */
export function wantedBackend(
  hyperparameter: WantedBackend,
  variables: Readonly<Record<string, string>>,
): WantedBackend {
  const named = variables[BACKEND_VARIABLE];
  if (hyperparameter !== 'auto' || named === undefined) return hyperparameter;
  const known = ['auto', ...BACKEND_NAMES] as const;
  const found = known.find((name) => name === named);
  if (found) return found;
  throw new PlatformError(
    'E_ENVIRONMENT',
    `Variable ${BACKEND_VARIABLE} must be one of ${known.join(', ')}; received "${named}".`,
  );
}

/**
 * Starts a backend, makes it TensorFlow.js's, and says in one log line which it is and why.
 * @param options.starters and hostGpu, for tests
 * @throws ClientError E_BACKEND when the wanted one does not work here, or none does, or none on the GPU for which the image is
 */
export async function startBackend(
  wanted: WantedBackend,
  options: {
    readonly threads?: number | undefined;
    readonly log: Log;
    readonly starters?: Readonly<Record<BackendName, Starter>>;
    readonly hostGpu?: () => HostGpu | undefined;
  },
): Promise<Backend> {
  const { threads, log, starters = STARTERS, hostGpu = findHostGpu } = options;
  const gpu = wanted === 'auto' ? hostGpu() : undefined;
  const settings: StartSettings = { threads, isForced: wanted !== 'auto', warn: (line) => log.error(line) };
  const refused: string[] = [];
  for (const name of candidates(wanted, gpu)) {
    try {
      const backend = await startAndProve(starters[name], settings);
      if (gpu?.hasCuda && !backend.isGpu) {
        backend.close();
        throw new Error(`it computes on ${backend.device}`);
      }
      log.info(describe(backend, wanted, refused));
      if (gpu && !backend.isGpu) log.error(unusedGpuText(gpu));
      return backend;
    } catch (error) {
      refused.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (gpu?.hasCuda) throw new ClientError('E_BACKEND', unusableGpuText(gpu, refused));
  throw new ClientError(
    'E_BACKEND',
    wanted === 'auto'
      ? `No backend works (${refused.join('; ')}).`
      : `Backend "${wanted}" does not work here (${refused.join('; ')}). Choose auto to use one that does.`,
  );
}

// --- internal ---

const STARTERS: Readonly<Record<BackendName, Starter>> = {
  tensorflow: async (settings) => (await import('./tensorflow/start.js')).startTensorflow(settings),
  webgpu: async (settings) => (await import('./webgpu/start.js')).startWebgpu({ takesSoftware: settings.isForced }),
  wasm: async (settings) => (await import('./wasm/start.js')).startWasm(settings),
  cpu: async () => (await import('./cpu.js')).startCpu(),
};

/** With CUDA and a GPU, only those that can use it. */
function candidates(wanted: WantedBackend, gpu: HostGpu | undefined): readonly BackendName[] {
  if (wanted !== 'auto') return [wanted];
  return gpu?.hasCuda ? ['tensorflow', 'webgpu'] : BACKEND_NAMES;
}

async function startAndProve(start: Starter, settings: StartSettings): Promise<Backend> {
  const backend = await start(settings);
  try {
    await prove(backend);
    return backend;
  } catch (error) {
    backend.close();
    throw error;
  }
}

/**
 * A dense layer of a matrix that is no square, in small integers, which are exact in any order of adding:
 *
 *               [ 1  0 -2 1 ]
 *   [ 1 2 3 ] · [ 0 -3  3 1 ] + [ -2 1 0 -9 ], rectified: [ 2 0 13 0 ]
 *   [ 4 5 6 ]   [ 1  1  3 1 ]                             [ 8 0 25 6 ]
 */
async function prove({ operations }: Backend): Promise<void> {
  const expected = [2, 0, 13, 0, 8, 0, 25, 6];
  const output = tidy(() => {
    const input = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
    const kernel = tensor([1, 0, -2, 1, 0, -3, 3, 1, 1, 1, 3, 1], [3, 4]);
    const bias = tensor([-2, 1, 0, -9], [4]);
    return operations.dense({ input, kernel, bias, activation: 'relu' }).output;
  });
  const computed = [...(await output.data())];
  output.dispose();
  if (computed.length === expected.length && computed.every((value, index) => value === expected[index])) return;
  throw new Error(`a product must be ${expected.join(' ')}; it is ${computed.join(' ')}`);
}

function describe(
  { name, device, driver, versions }: Backend,
  wanted: WantedBackend,
  refused: readonly string[],
): string {
  const libraries = Object.entries(versions).map(([library, version]) => `${library} ${version}`);
  const facts = [device, ...(driver ? [`driver ${driver}`] : []), ...libraries].join(', ');
  if (wanted !== 'auto') return `backend ${name} on ${facts}, as requested`;
  return `backend ${name} on ${facts}; ${refused.length > 0 ? `not ${refused.join('; not ')}` : 'the first choice'}`;
}
