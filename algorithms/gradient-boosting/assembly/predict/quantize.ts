/** Turns rows of float32 into groups of codes, by the faster of two methods. */
import { rankCategory, rankFew, rankMany, rankPresent } from './columns';
import { CategoryPlan, FeaturePlan, LANES, Quantizer } from './plans';
import { rank, storeRank } from './rank';

/** Whether most of a row's values are missing. Up to 3 values behind the row count too, which changes no result. */
function isSparse(row: usize, columns: i32): bool {
  let present = 0;
  for (let column = 0; column < columns; column += 4) {
    const x = v128.load(row);
    present += popcnt(i32x4.bitmask(f32x4.eq(x, x)));
    row += 16;
  }
  return 2 * present < columns;
}

/** Quantises `groups` × 16 rows. */
export function quantize(quantizer: Quantizer, rows: usize, codes: usize, groups: i32): void {
  const stride = usize(quantizer.columns) << 2;
  const groupBytes = usize(quantizer.groupBytes);
  if (quantizer.template != 0 && isSparse(rows, quantizer.columns)) {
    for (let group = 0; group < groups; group++) {
      memory.copy(codes + usize(group) * groupBytes, quantizer.template, groupBytes);
      for (let lane = 0; lane < LANES; lane++) {
        const row = rows + usize(group * LANES + lane) * stride;
        rankPresent(quantizer.planOf, quantizer.columns, row, codes + usize(group) * groupBytes + lane);
      }
    }
  } else {
    for (let i = 0; i < quantizer.featureCount; i++) {
      const plan = changetype<FeaturePlan>(quantizer.features + i * offsetof<FeaturePlan>());
      if (plan.lastCell == 0) rankFew(plan, rows + plan.offset, stride, codes, groupBytes, groups);
      else rankMany(plan, rows + plan.offset, stride, codes, groupBytes, groups);
    }
  }
  for (let i = 0; i < quantizer.categoryCount; i++) {
    const plan = changetype<CategoryPlan>(quantizer.categories + i * offsetof<CategoryPlan>());
    for (let group = 0; group < groups; group++) {
      rankCategory(plan, rows + usize(group * LANES) * stride, stride, codes + usize(group) * groupBytes, LANES);
    }
  }
}

/** Quantises a single row into lane 0. */
export function quantizeRow(quantizer: Quantizer, row: usize, codes: usize): void {
  if (quantizer.template != 0 && isSparse(row, quantizer.columns)) {
    memory.copy(codes, quantizer.template, quantizer.groupBytes);
    rankPresent(quantizer.planOf, quantizer.columns, row, codes);
  } else {
    for (let i = 0; i < quantizer.featureCount; i++) {
      const plan = changetype<FeaturePlan>(quantizer.features + i * offsetof<FeaturePlan>());
      const x = load<f32>(row + plan.offset);
      if (x == x) storeRank(plan, codes, rank(plan, x), 0);
      else storeRank(plan, codes, 0, 0x7fffffff);
    }
  }
  for (let i = 0; i < quantizer.categoryCount; i++) {
    rankCategory(changetype<CategoryPlan>(quantizer.categories + i * offsetof<CategoryPlan>()), row, 0, codes, 1);
  }
}
