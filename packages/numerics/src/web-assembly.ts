/**
 * The part of the WebAssembly API that the kernels use, and how a kernel becomes a module. TypeScript declares the API
 * only together with the browser's, which a Node program has no use for.
 * Source: WebAssembly JavaScript Interface 2.0; Threads proposal for shared memory.
 */

/** A compiled kernel; threads can share one. */
export type WebAssemblyModule = object;

/** What a module imports, by module name and name. */
export type WebAssemblyImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A memory of one thread. Its buffer is another one after it has grown. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
  /** @throws RangeError when the machine or the maximum leaves no room */
  grow(pages: number): number;
}

/** A memory that threads share. Its buffer is another, longer one after it has grown; older ones stay valid. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** @throws RangeError when the machine or the maximum leaves no room */
  grow(pages: number): number;
}

/** An exported global. */
export interface WebAssemblyGlobal {
  readonly value: number;
}

interface MemoryConstructor {
  new (limits: { readonly initial: number; readonly maximum: number; readonly shared: true }): SharedMemory;
  new (limits: { readonly initial: number; readonly maximum?: number }): WebAssemblyMemory;
}

interface Api {
  readonly Memory: MemoryConstructor;
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Instance: new (
    module: WebAssemblyModule,
    imports: WebAssemblyImports,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
  compile(bytes: Uint8Array): Promise<WebAssemblyModule>;
  instantiate(
    module: WebAssemblyModule,
    imports: WebAssemblyImports,
  ): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
}

declare const WebAssembly: Api;

/** Node's WebAssembly. */
export const webAssembly: Api = WebAssembly;

/** Bytes of one page of memory. */
export const PAGE_BYTES = 65_536;

/** What WebAssembly's 32-bit addresses can reach. */
export const MEMORY_LIMIT_BYTES = 2 ** 32;

/** A kernel that is compiled when it is first used, and only once. */
export interface KernelLoader<Exports> {
  module(): WebAssemblyModule;
  /** A new instance over the memory in `imports.env`. */
  instantiate(imports: WebAssemblyImports): Exports;
}

/** @param bytes compiled from a kernel whose exports are `Exports`: the types cannot be seen from here */
export function createKernelLoader<Exports>(bytes: Uint8Array): KernelLoader<Exports> {
  let compiled: WebAssemblyModule | undefined;
  const module = (): WebAssemblyModule => {
    compiled ??= new webAssembly.Module(bytes);
    return compiled;
  };
  return { module, instantiate: (imports) => new webAssembly.Instance(module(), imports).exports as Exports };
}
