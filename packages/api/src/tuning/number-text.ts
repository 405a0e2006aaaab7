/** Numbers as SageMaker writes them in ranges and hyperparameters: strings, read strictly and written so that they read back equal. */

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** The integer that a string such as `16` or `-3` holds; undefined for anything else and beyond ±(2⁵³ − 1). */
export function parseInteger(text: string): number | undefined {
  const value = INTEGER.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/** The finite number that a string such as `0.1` or `1e-05` holds; undefined for anything else. */
export function parseDecimal(text: string): number | undefined {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** The shortest decimal that reads back as the same number. Zero has no sign. */
export function formatNumber(value: number): string {
  return String(value === 0 ? 0 : value);
}
