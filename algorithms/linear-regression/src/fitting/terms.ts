/**
 * The terms of the model in the order of the sums' columns: intercept, then each feature with its powers.
 */

/** One coefficient's term: feature^power; feature 0 is the intercept. */
export interface Term {
  /** Feature column, from 1; 0 for the intercept. */
  readonly feature: number;
  readonly power: number;
  /** Place among the columns of the exact sums. */
  readonly column: number;
}

export function listTerms(featureCount: number, degree: number, hasIntercept: boolean): readonly Term[] {
  const terms: Term[] = hasIntercept ? [{ feature: 0, power: 0, column: 0 }] : [];
  for (let feature = 1; feature <= featureCount; feature++) {
    for (let power = 1; power <= degree; power++) {
      terms.push({ feature, power, column: 1 + (feature - 1) * degree + (power - 1) });
    }
  }
  return terms;
}

/** Whether the terms are those of a model with an intercept, which comes first. */
export function startsWithIntercept(terms: readonly Term[]): boolean {
  return terms[0]?.feature === 0;
}

/**
 * As people read it: `intercept`, `feature 2`, `feature 2^3`.
 * @param noun `column` in the summary, a file; messages count the file's columns, labels included, under that word
 */
export function termName({ feature, power }: Term, noun: 'feature' | 'column' = 'feature'): string {
  if (feature === 0) return 'intercept';
  return power === 1 ? `${noun} ${feature}` : `${noun} ${feature}^${power}`;
}
