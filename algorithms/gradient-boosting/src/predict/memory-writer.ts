/** Bytes that grow as they are reserved, little-endian, for kernels to read. Addresses include the image's base. */

export class ImageWriter {
  #view = new DataView(new ArrayBuffer(1 << 16));
  #length = 0;
  readonly #base: number;

  constructor(base: number) {
    this.#base = base;
  }

  /** Address of `byteCount` zero bytes, 16-aligned. */
  reserve(byteCount: number): number {
    const start = this.#length;
    this.#length = Math.ceil((start + byteCount) / 16) * 16;
    if (this.#length > this.#view.byteLength) {
      const grown = new Uint8Array(Math.max(this.#length, 2 * this.#view.byteLength));
      grown.set(new Uint8Array(this.#view.buffer));
      this.#view = new DataView(grown.buffer);
    }
    return start + this.#base;
  }

  int32(address: number, value: number): void {
    this.#view.setInt32(address - this.#base, value, true);
  }

  float32(address: number, value: number): void {
    this.#view.setFloat32(address - this.#base, value, true);
  }

  /** Views of reserved bytes, each valid until the next are reserved. */
  int8s(address: number, length: number): Int8Array {
    return new Int8Array(this.#view.buffer, address - this.#base, length);
  }

  int32s(address: number, length: number): Int32Array {
    return new Int32Array(this.#view.buffer, address - this.#base, length);
  }

  float32s(address: number, length: number): Float32Array {
    return new Float32Array(this.#view.buffer, address - this.#base, length);
  }

  copy(address: number, bytes: Uint8Array): void {
    new Uint8Array(this.#view.buffer).set(bytes, address - this.#base);
  }

  finish(): Uint8Array {
    return new Uint8Array(this.#view.buffer, 0, this.#length);
  }
}
