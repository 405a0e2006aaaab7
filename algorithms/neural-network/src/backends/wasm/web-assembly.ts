/**
 * The part of the WebAssembly API that the backend uses. TypeScript's own declarations come with the browser's library,
 * which a Node program has no use for.
 */

/** A memory that threads share; its buffer is another one when it has grown. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  grow(pages: number): number;
}

/** What a module gets, by module and name. */
export type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface Api {
  readonly Module: new (bytes: Uint8Array) => object;
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: Imports): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
}

declare const WebAssembly: Api;

/** Node's WebAssembly. */
export const webAssembly: Api = WebAssembly;

/** Bytes of one page of memory. */
export const PAGE_BYTES = 65_536;
