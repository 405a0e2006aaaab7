/**
 * Convolutions of a band's positions: where each position starts in the padded input, and the tiles over all of them.
 */
import { controlBlock } from '@algo/numerics/assembly/threads';
import { copyShort } from './convolution-panels';
import { ROOM_TILE } from './convolution-plan';
import { sumTile } from './convolution-tile';
import { ZEROS } from './layout';

/**
 * Writes where each of a band's positions starts in its padded input, in bytes, and six times the last one. Returns the
 * number of positions.
 */
export function writeOffsets(
  offsets: usize,
  images: usize,
  lines: usize,
  width: usize,
  strideY: usize,
  strideX: usize,
  lineBytes: usize,
  imageBytes: usize,
  pixelBytes: usize,
): usize {
  let at = offsets;
  for (let image: usize = 0; image < images; image++) {
    for (let line: usize = 0; line < lines; line++) {
      let offset = image * imageBytes + line * strideY * lineBytes;
      for (let x: usize = 0; x < width; x++) {
        store<u32>(at, <u32>offset);
        offset += strideX * pixelBytes;
        at += 4;
      }
    }
  }
  const last = load<u32>(at - 4);
  for (let i: usize = 0; i < 6; i++) store<u32>(at + (i << 2), last);
  return (at - offsets) >> 2;
}

/** Sums up all columns of all positions, tile by tile. @param room its loops' record is that of a kernel's line */
export function sumPositions(
  base: usize,
  offsets: usize,
  room: usize,
  positions: usize,
  panels: usize,
  steps: usize,
  columns: usize,
  biases: usize,
  floor: f32,
  ceiling: f32,
  output: usize,
): void {
  const stride = columns << 2;
  const tile = room + ROOM_TILE;
  for (let column: usize = 0; column < columns; column += 16) {
    const width = min<usize>(16, columns - column);
    const panel = panels + (column >>> 4) * (steps << 6);
    const start = biases ? biases + (column << 2) : controlBlock() + ZEROS;
    for (let first: usize = 0; first < positions; first += 6) {
      const rows = min<usize>(6, positions - first);
      const c = output + first * stride + (column << 2);
      if (rows == 6 && width == 16) {
        sumTile(base, offsets + (first << 2), room, panel, start, 0, c, stride, floor, ceiling);
      } else {
        sumTile(base, offsets + (first << 2), room, panel, start, 0, tile, 64, floor, ceiling);
        for (let row: usize = 0; row < rows; row++) copyShort(tile + (row << 6), c + row * stride, width);
      }
    }
  }
}
