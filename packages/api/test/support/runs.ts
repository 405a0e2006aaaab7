/**
 * How often a property is tried: often enough for `npm test`, and far more often in the long run. `NAME.long.test.ts`
 * imports `NAME.test.ts`, so that both run the same property.
 */
export function runs(short: number, long: number): number {
  return process.env.ALGO_LONG_RUNS ? long : short;
}
