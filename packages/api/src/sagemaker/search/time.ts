/** Times in filters: ISO 8601, as `2026-01-02T03:04:05`, which is UTC where it names no zone. */

/** Seconds since 1970; NaN for text that is no time. */
export function parseTime(text: string): number {
  const hasTime = /T\d/i.test(text);
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text);
  return Date.parse(hasTime && !hasZone ? `${text}Z` : text) / 1000;
}
