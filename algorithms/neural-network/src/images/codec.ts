/**
 * The codecs of @jsquash: libwebp and MozJPEG compiled to WebAssembly. Images come from anybody, so each is decoded in an
 * instance of its own: what a fault of the codec does to its memory ends with the image.
 */
import { type WebAssemblyModule, webAssembly } from '@algo/numerics';
import { ImageError, withoutAlpha } from './image.js';

/** `init` starts a new instance, `decode` uses the one that was started last. */
export interface Codec {
  init(module: WebAssemblyModule, options: { print(line: string): void; printErr(line: string): void }): Promise<void>;
  decode(bytes: ArrayBuffer): Promise<{ readonly data: Uint8ClampedArray }>;
}

/**
 * A function from the bytes of an image to its colours.
 * @param wasm of the codec
 */
export function createDecoder(codec: Codec, wasm: Uint8Array): (bytes: Uint8Array) => Promise<Uint8Array> {
  let compiled: WebAssemblyModule | undefined;
  return async (bytes) => {
    compiled ??= new webAssembly.Module(wasm);
    const warnings: string[] = [];
    const note = (line: string) => void warnings.push(line);
    const { buffer } = Uint8Array.from(bytes);
    let image: Awaited<ReturnType<Codec['decode']>>;
    try {
      // Both begin before anything else can run: `decode` takes the instance that `init` has just asked for.
      const started = codec.init(compiled, { print: note, printErr: note });
      const decoding = codec.decode(buffer);
      [, image] = await Promise.all([started, decoding]);
    } catch (cause) {
      throw new ImageError(sentenceOf(warnings) ?? 'the image is damaged, or of a kind that is not read', { cause });
    }
    // The codec continues after damage, with gray in the place of what is missing.
    const damage = sentenceOf(warnings);
    if (damage !== undefined) throw new ImageError(damage);
    return withoutAlpha(image.data);
  };
}

// --- internal ---

/** What the codec complained of. */
function sentenceOf([first]: readonly string[]): string | undefined {
  return first?.replace(/\.$/, '');
}
