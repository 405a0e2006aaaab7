/** Numbers as a reader wants them: four significant digits, thousands apart. */

/** `1,234`, `0.9974`, `8.6e-7`; NaN and infinities by their names. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return String(Number(value.toPrecision(4)));
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(size >= 1000 ? 6 : 4));
  return rounded.toLocaleString('en-US', { maximumFractionDigits: 8 });
}

/** A share or an area up to 1, which is not rounded up to it. */
export function formatScore(value: number): string {
  return value < 1 && value >= 0.99995 ? '> 0.9999' : formatNumber(value);
}

export function formatPercent(share: number): string {
  return `${formatNumber(Number((share * 100).toFixed(2)))} %`;
}

export function formatSeconds(seconds: number): string {
  return seconds < 100 ? `${seconds.toFixed(2)} s` : `${formatNumber(Math.round(seconds))} s`;
}

/** In decimal units, as AWS's limits are. */
export function formatBytes(bytes: number): string {
  if (bytes < 10_000) return `${formatNumber(bytes)} bytes`;
  if (bytes < 1e7) return `${formatNumber(Math.round(bytes / 1000))} kB`;
  return `${formatNumber(Math.round(bytes / 1e5) / 10)} MB`;
}

/** `1 row`, `57 rows`. */
export function count(number: number, noun: string): string {
  return `${formatNumber(number)} ${noun}${number === 1 ? '' : 's'}`;
}
