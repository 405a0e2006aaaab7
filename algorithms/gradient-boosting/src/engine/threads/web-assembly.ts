/**
 * The part of the WebAssembly API that the engine uses. TypeScript's own declarations come with the browser's library,
 * which a Node program has no use for.
 */

/** A shared memory. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

interface Api {
  readonly Memory: new (descriptor: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => SharedMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: SharedMemory } },
  ) => { readonly exports: unknown };
}

declare const WebAssembly: Api;

/** Node's WebAssembly. */
export const webAssembly: Api = WebAssembly;

/** Of a thread that only runs a kernel: it makes next to no objects, so room for young ones would be memory unused. */
export const HELPER_LIMITS = { maxYoungGenerationSizeMb: 1 } as const;
