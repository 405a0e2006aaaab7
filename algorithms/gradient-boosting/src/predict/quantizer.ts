/**
 * Lays out the plans by which the kernels turn values into codes (assembly/predict/plans.ts has the layout): thresholds
 * with a grid over them, sets of categories, and the codes of a row in which everything is missing.
 */
import { planGrid } from './grid.js';
import type { ImageWriter } from './memory-writer.js';
import type { ColumnPlan, RankPlan, SetPlan } from './thresholds.js';

/** Rows of one SIMD vector of codes. */
export const GROUP_ROWS = 16;
/** With so few thresholds comparing all of them is faster than finding a grid cell. */
const FEW_THRESHOLDS = 12;
/** Bytes of the records. */
const BYTES = { quantizer: 32, featurePlan: 48, categoryPlan: 24 } as const;

/** @returns address of the quantizer */
export function writeQuantizer(
  image: ImageWriter,
  columns: ColumnPlan,
  featureCount: number,
  groupBytes: number,
): number {
  const { ranks, sets } = columns;
  const quantizer = image.reserve(BYTES.quantizer);
  const features = image.reserve(ranks.length * BYTES.featurePlan);
  const categories = image.reserve(sets.length * BYTES.categoryPlan);
  // Where few columns matter, looking at only those beats looking for the values that are there.
  const readsByValue = 2 * ranks.length >= featureCount;
  const planOf = readsByValue ? image.reserve(featureCount * 4) : 0;
  ranks.forEach((plan, index) => {
    const at = features + index * BYTES.featurePlan;
    writeRankPlan(image, at, plan);
    if (readsByValue) image.int32(planOf + 4 * plan.feature, at);
  });
  sets.forEach((plan, index) => {
    writeSetPlan(image, categories + index * BYTES.categoryPlan, plan);
  });
  image.int32(quantizer, features);
  image.int32(quantizer + 4, ranks.length);
  image.int32(quantizer + 8, categories);
  image.int32(quantizer + 12, sets.length);
  image.int32(quantizer + 16, featureCount);
  image.int32(quantizer + 20, planOf);
  image.int32(quantizer + 24, readsByValue ? writeTemplate(image, ranks, groupBytes) : 0);
  image.int32(quantizer + 28, groupBytes);
  return quantizer;
}

// --- internal ---

/** Codes of 16 rows in which every value is missing. */
function writeTemplate(image: ImageWriter, ranks: readonly RankPlan[], groupBytes: number): number {
  const codes = new Int8Array(groupBytes);
  for (const { lowColumn, highColumn, chunks } of ranks) {
    const fill = (column: number, code: number): void => {
      if (column >= 0) codes.fill(code, column * GROUP_ROWS, (column + chunks) * GROUP_ROWS);
    };
    fill(lowColumn, -128);
    fill(highColumn, 127);
  }
  const template = image.reserve(groupBytes);
  image.copy(template, new Uint8Array(codes.buffer));
  return template;
}

function writeRankPlan(image: ImageWriter, at: number, plan: RankPlan): void {
  const grid = plan.thresholds.length > FEW_THRESHOLDS ? planGrid(plan.thresholds) : undefined;
  const steps = grid?.steps ?? 0;
  const padded = new Float32Array(((plan.thresholds.length + 3) & ~3) + 2 ** steps).fill(Number.NaN);
  padded.set(plan.thresholds);
  const thresholds = image.reserve(padded.byteLength);
  image.copy(thresholds, new Uint8Array(padded.buffer));
  image.int32(at, plan.feature * 4);
  image.int32(at + 4, thresholds);
  image.int32(at + 8, (plan.thresholds.length + 3) & ~3);
  if (grid) {
    const table = image.reserve(grid.table.byteLength);
    image.copy(table, new Uint8Array(grid.table.buffer));
    image.int32(at + 12, table);
    image.float32(at + 16, grid.table.length - 1);
    image.float32(at + 20, grid.origin);
    image.float32(at + 24, grid.scale);
  }
  image.int32(at + 28, steps);
  image.int32(at + 32, plan.lowColumn < 0 ? -1 : plan.lowColumn * GROUP_ROWS);
  image.int32(at + 36, plan.highColumn < 0 ? -1 : plan.highColumn * GROUP_ROWS);
  image.int32(at + 40, plan.chunks);
}

function writeSetPlan(image: ImageWriter, at: number, plan: SetPlan): void {
  const bits = image.reserve(plan.bits.length);
  image.copy(bits, plan.bits);
  image.int32(at, plan.feature * 4);
  image.int32(at + 4, bits);
  image.int32(at + 8, plan.bits.length * 8);
  image.int32(at + 12, plan.column * GROUP_ROWS);
  image.int32(at + 16, plan.missingGoesLeft ? -1 : 0);
}
