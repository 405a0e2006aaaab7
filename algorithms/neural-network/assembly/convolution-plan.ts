/**
 * How a convolution is divided: into bands of whole images, or of lines of one, small enough that a band with its zeros
 * stays in a core's own cache. The plan is in the phase's arguments; the bands depend on shapes only, so that sums
 * over them are the same for any number of threads.
 */
import { argument, setArgument } from './arguments';
import { panelBytes } from './convolution-panels';

export const IMAGES: usize = 0;
export const HEIGHT: usize = 1;
export const WIDTH: usize = 2;
export const CHANNELS: usize = 3;
export const OUT_HEIGHT: usize = 4;
export const OUT_WIDTH: usize = 5;
export const FILTERS: usize = 6;
export const KERNEL_HEIGHT: usize = 7;
export const KERNEL_WIDTH: usize = 8;
export const STRIDE_Y: usize = 9;
export const STRIDE_X: usize = 10;
/** Zeros above and left of an image. */
export const TOP: usize = 11;
export const LEFT: usize = 12;
export const BAND_IMAGES: usize = 13;
export const BAND_LINES: usize = 14;
export const BANDS_PER_IMAGE: usize = 15;
export const BANDS: usize = 16;
/** Threads that have room of their own; others stay out. */
export const THREADS: usize = 17;
export const ROOM_BYTES: usize = 18;
/** Where the threads' rooms start. */
export const ROOMS: usize = 19;
/** Way back: parts of the bands, each with a kernel gradient of its own; where these start, and bytes of each. */
export const PARTS: usize = 20;
export const PARTIALS: usize = 21;
export const PARTIAL_BYTES: usize = 22;
/** First argument that the two directions use for themselves. */
export const OWN: i32 = 23;

/** Approximate positions of a band, and maximum bytes of its input and output. */
const BAND_POSITIONS: usize = 128;
const BAND_BYTES: usize = 131072;
/** Maximum number of parts, and maximum bytes of all parts' gradients. */
const MAX_PARTS: usize = 16;
const MAX_PARTIAL_BYTES: usize = 33554432;

/**
 * Plans a convolution of [images × height × width × channels], to be run next. Returns the bytes of scratch it needs.
 * @param threads that get room; later helpers stay out
 * @param isBack for the way back, with stride 1
 */
export function planConvolution(
  images: usize,
  height: usize,
  width: usize,
  channels: usize,
  outHeight: usize,
  outWidth: usize,
  filters: usize,
  kernelHeight: usize,
  kernelWidth: usize,
  strideY: usize,
  strideX: usize,
  top: usize,
  left: usize,
  threads: usize,
  isBack: bool,
): usize {
  setArgument(IMAGES, images);
  setArgument(HEIGHT, height);
  setArgument(WIDTH, width);
  setArgument(CHANNELS, channels);
  setArgument(OUT_HEIGHT, outHeight);
  setArgument(OUT_WIDTH, outWidth);
  setArgument(FILTERS, filters);
  setArgument(KERNEL_HEIGHT, kernelHeight);
  setArgument(KERNEL_WIDTH, kernelWidth);
  setArgument(STRIDE_Y, strideY);
  setArgument(STRIDE_X, strideX);
  setArgument(TOP, top);
  setArgument(LEFT, left);
  setArgument(THREADS, threads);
  planBands();
  const steps = kernelHeight * kernelWidth * channels;
  const kernelPanels = panelBytes(steps, filters);
  const roomBytes = isBack ? planRoomBack() : planRoom();
  let shared = kernelPanels + panelBytes(1, filters);
  if (isBack) {
    shared = panelBytes(kernelHeight * kernelWidth * filters, channels) + aligned((steps + 6) << 2);
    // Sums of the kernel's gradient, tiles of six rows, and of the bias's.
    const partialBytes = panelBytes(((steps + 5) / 6) * 6, filters) + panelBytes(1, filters);
    const parts = max<usize>(1, min(min(MAX_PARTS, MAX_PARTIAL_BYTES / partialBytes), argument(BANDS)));
    setArgument(PARTS, parts);
    setArgument(PARTIALS, shared);
    setArgument(PARTIAL_BYTES, partialBytes);
    shared += parts * partialBytes;
  }
  setArgument(ROOMS, shared);
  setArgument(ROOM_BYTES, roomBytes);
  return shared + threads * roomBytes;
}

@inline
export function aligned(bytes: usize): usize {
  return (bytes + 63) & ~63;
}

/** Lines and pixels of a band's input with its zeros. */
@inline
export function paddedLines(lines: usize): usize {
  return (lines - 1) * argument(STRIDE_Y) + argument(KERNEL_HEIGHT);
}

@inline
export function paddedWidth(): usize {
  return (argument(OUT_WIDTH) - 1) * argument(STRIDE_X) + argument(KERNEL_WIDTH);
}

// --- internal ---

function planBands(): void {
  const outHeight = argument(OUT_HEIGHT);
  const lineBytes =
    (paddedWidth() * argument(CHANNELS) * argument(STRIDE_Y) + argument(OUT_WIDTH) * argument(FILTERS)) << 2;
  const most = max<usize>(1, min(BAND_POSITIONS / argument(OUT_WIDTH), BAND_BYTES / lineBytes));
  // A little more than a whole image is not divided.
  const isWhole = (most << 1) > outHeight;
  const images = isWhole ? max<usize>(1, min(argument(IMAGES), most / outHeight)) : 1;
  const lines = isWhole ? outHeight : most;
  const bandsPerImage = (outHeight + lines - 1) / lines;
  setArgument(BAND_IMAGES, images);
  setArgument(BAND_LINES, lines);
  setArgument(BANDS_PER_IMAGE, bandsPerImage);
  setArgument(BANDS, ((argument(IMAGES) + images - 1) / images) * bandsPerImage);
}

/** Room of a thread: loops, a tile, offsets of positions, padded input. */
function planRoom(): usize {
  const images = argument(BAND_IMAGES);
  const lines = argument(BAND_LINES);
  const positions = images * lines * argument(OUT_WIDTH);
  const padded = images * paddedLines(lines) * paddedWidth() * argument(CHANNELS);
  return ROOM_HEADER + aligned((positions + 6) << 2) + aligned(padded << 2);
}

/** Room of a thread: the same, padded gradient, gradient in panels. */
function planRoomBack(): usize {
  const images = argument(BAND_IMAGES);
  const lines = argument(BAND_LINES);
  const positions = images * lines * argument(OUT_WIDTH);
  const gradient = images * paddedLines(lines) * paddedWidth() * argument(FILTERS);
  return planRoom() + aligned(gradient << 2) + panelBytes(positions, argument(FILTERS));
}

/** Bytes of a room before the offsets: the loops' record, then a tile. */
export const ROOM_TILE: usize = 64;
export const ROOM_HEADER: usize = 64 + 6 * 64;
