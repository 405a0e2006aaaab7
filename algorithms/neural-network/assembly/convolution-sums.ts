/**
 * Sums of the way back through a convolution: gradients in panels, and what is added up over bands and parts.
 */
import { controlBlock } from '@algo/numerics/assembly/threads';
import { clearShort, copyPanelRow, copyShort } from './convolution-panels';
import { sumTile } from './convolution-tile';
import { ZEROS } from './layout';

/** Copies one image's gradients from their lines to the panels, [positions × 16] each. */
export function packSlopes(
  from: usize,
  lineBytes: usize,
  lines: usize,
  width: usize,
  filters: usize,
  to: usize,
  positions: usize,
): void {
  for (let line: usize = 0; line < lines; line++) {
    let pixel = from + line * lineBytes;
    for (let x: usize = 0; x < width; x++) {
      let panel = to;
      for (let filter: usize = 0; filter < filters; filter += 16) {
        copyPanelRow(pixel + (filter << 2), panel, min<usize>(16, filters - filter));
        panel += positions << 6;
      }
      pixel += filters << 2;
      to += 64;
    }
  }
}

/** Adds the panels' columns to `sums`, or starts them. */
export function sumBiases(panels: usize, positions: usize, filters: usize, sums: usize, isFirst: bool): void {
  for (let filter: usize = 0; filter < filters; filter += 16) {
    if (isFirst) clearShort(sums, 16);
    const end = panels + (positions << 6);
    let s0 = f32x4.splat(0);
    let s1 = f32x4.splat(0);
    let s2 = f32x4.splat(0);
    let s3 = f32x4.splat(0);
    for (; panels < end; panels += 64) {
      s0 = f32x4.add(s0, v128.load(panels));
      s1 = f32x4.add(s1, v128.load(panels, 16));
      s2 = f32x4.add(s2, v128.load(panels, 32));
      s3 = f32x4.add(s3, v128.load(panels, 48));
    }
    v128.store(sums, f32x4.add(v128.load(sums), s0));
    v128.store(sums, f32x4.add(v128.load(sums, 16), s1), 16);
    v128.store(sums, f32x4.add(v128.load(sums, 32), s2), 32);
    v128.store(sums, f32x4.add(v128.load(sums, 48), s3), 48);
    sums += 64;
  }
}

/** Adds a band's products of inputs and gradients to the kernel's gradient in panels, or starts them. */
export function sumKernel(
  inputs: usize,
  offsets: usize,
  loop: usize,
  panels: usize,
  positions: usize,
  steps: usize,
  filters: usize,
  partial: usize,
  isFirst: bool,
): void {
  const zeros = controlBlock() + ZEROS;
  for (let filter: usize = 0; filter < filters; filter += 16) {
    for (let step: usize = 0; step < steps; step += 6) {
      const start = isFirst ? zeros : partial;
      const startRow: usize = isFirst ? 0 : 64;
      sumTile(inputs, offsets + (step << 2), loop, panels, start, startRow, partial, 64, -Infinity, Infinity);
      partial += 384;
    }
    panels += positions << 6;
  }
}

/**
 * Adds up `width` (1 … 16) words that lie the same way in every part, `bytes` apart, into the first part and from there
 * to `to`.
 */
export function copySum(from: usize, to: usize, width: usize, parts: usize, bytes: usize): void {
  let s0 = v128.load(from);
  let s1 = v128.load(from, 16);
  let s2 = v128.load(from, 32);
  let s3 = v128.load(from, 48);
  let part = from;
  for (let left = parts - 1; left; --left) {
    part += bytes;
    s0 = f32x4.add(s0, v128.load(part));
    s1 = f32x4.add(s1, v128.load(part, 16));
    s2 = f32x4.add(s2, v128.load(part, 32));
    s3 = f32x4.add(s3, v128.load(part, 48));
  }
  v128.store(from, s0);
  v128.store(from, s1, 16);
  v128.store(from, s2, 32);
  v128.store(from, s3, 48);
  copyShort(from, to, width);
}
