/**
 * What convolutions copy: images with zeros around them, and kernels and gradients as panels of 16 columns.
 *
 *   panel   [steps × 16]      the last one filled up with zeros
 */
import { slopeRange } from './activations';
import { loadFew, storeFew } from './lanes';

/** Bytes of the panels of a matrix [steps × columns]. */
@inline
export function panelBytes(steps: usize, columns: usize): usize {
  return ((columns + 15) >>> 4) * (steps << 6);
}

/** Copies `count` words without a call for short ones. */
@inline
export function copyShort(from: usize, to: usize, count: usize): void {
  const few = count & 3;
  const end = from + ((count - few) << 2);
  for (; from < end; from += 16, to += 16) v128.store(to, v128.load(from));
  if (few) storeFew(to, loadFew(from, few), few);
}

@inline
export function clearShort(to: usize, count: usize): void {
  const few = count & 3;
  const end = to + ((count - few) << 2);
  for (; to < end; to += 16) v128.store(to, f32x4.splat(0));
  if (few) storeFew(to, f32x4.splat(0), few);
}

/** Copies `count` (1 … 16) words as one row of a panel. */
@inline
export function copyPanelRow(from: usize, to: usize, count: usize): void {
  if (count == 16) {
    v128.store(to, v128.load(from));
    v128.store(to, v128.load(from, 16), 16);
    v128.store(to, v128.load(from, 32), 32);
    v128.store(to, v128.load(from, 48), 48);
  } else {
    clearShort(to, 16);
    copyShort(from, to, count);
  }
}

/** Packs panel `panel` of a matrix [steps × columns]. */
export function packPanel(matrix: usize, steps: usize, columns: usize, panels: usize, panel: usize): void {
  const width = min<usize>(16, columns - (panel << 4));
  let from = matrix + (panel << 6);
  let to = panels + panel * (steps << 6);
  for (let step: usize = 0; step < steps; step++) {
    copyPanelRow(from, to, width);
    from += columns << 2;
    to += 64;
  }
}

/**
 * Packs panel `panel` of a kernel for the way back: from [positions × channels × filters] to
 * [positions reversed × filters × channels], whose columns are the channels.
 */
export function packReversed(
  kernel: usize,
  positions: usize,
  channels: usize,
  filters: usize,
  panels: usize,
  panel: usize,
): void {
  const width = min<usize>(16, channels - (panel << 4));
  let to = panels + panel * ((positions * filters) << 6);
  for (let position = positions; position; --position) {
    const from = kernel + ((((position - 1) * channels + (panel << 4)) * filters) << 2);
    for (let filter: usize = 0; filter < filters; filter++) {
      for (let channel: usize = 0; channel < width; channel++) {
        store<f32>(to + (channel << 2), load<f32>(from + ((channel * filters + filter) << 2)));
      }
      if (width < 16) clearShort(to + (width << 2), 16 - width);
      to += 64;
    }
  }
}

/**
 * Lines of an image with zeros where it has none: `lines` from `firstLine` (< 0 above the image), `width` pixels from
 * `−left`. With a gradient, the values are gradient · slope.
 * @param image the image's values: the layer's input; or its output, together with `preActivation` or 0
 * @param gradient the output's gradient, or 0 to copy the image itself
 */
export function padLines(
  image: usize,
  preActivation: usize,
  gradient: usize,
  activation: i32,
  height: usize,
  imageWidth: usize,
  channels: usize,
  firstLine: isize,
  lines: usize,
  left: usize,
  width: usize,
  to: usize,
): void {
  const inside = min(imageWidth, width - left) * channels;
  const before = left * channels;
  const behind = width * channels - before - inside;
  for (let line: usize = 0; line < lines; line++) {
    const y = <usize>(firstLine + <isize>line); // above the image: beyond any height
    if (y < height) {
      const at = (y * imageWidth * channels) << 2;
      clearShort(to, before);
      to += before << 2;
      if (gradient) slopeRange(preActivation + at, image + at, gradient + at, to, inside, activation);
      else copyShort(image + at, to, inside);
      to += inside << 2;
      clearShort(to, behind);
      to += behind << 2;
    } else {
      clearShort(to, width * channels);
      to += (width * channels) << 2;
    }
  }
}
