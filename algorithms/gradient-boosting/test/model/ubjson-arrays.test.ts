/** Number arrays of all sizes come back as they were written: small ones share memory, large ones have their own. */
import { expect, it } from 'vitest';
import { encodeUbjson } from '../../src/model/document.js';
import { parseUbjson } from '../../src/model/ubjson.js';

it('arrays of 32-bit numbers are read back exactly, whether small, large or both in turn', () => {
  const lengths = Array.from({ length: 300 }, (_, index) => (index % 50 === 49 ? 20_000 : (index * 37) % 400));
  const floats = lengths.map((length, index) => Float32Array.from({ length }, (_, at) => index + at / 3));
  const integers = lengths.map((length, index) => Int32Array.from({ length }, (_, at) => at * 65_537 - index));
  const bytes = encodeUbjson({ floats, integers, flags: Uint8Array.of(0, 1, 255), signed: Int8Array.of(-128, 127) });

  const read = parseUbjson(bytes, 'model');

  expect(read).toEqual({ floats, integers, flags: Uint8Array.of(0, 1, 255), signed: Int8Array.of(-128, 127) });
});
