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

/** An integer's digits. */
export function formatInteger(value: number): string {
  return String(value === 0 ? 0 : value);
}

/**
 * The shortest decimal that reads back as the same number, in the form in which SageMaker gives continuous hyperparameters,
 * which is Python's: `1.0`, `0.0001`, `1.5e-05`.
 */
export function formatDecimal(value: number): string {
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  // Within these powers, JavaScript writes no exponent either.
  const text = String(value === 0 ? 0 : value);
  return text.includes('.') ? text : `${text}.0`;
}
