/** What real XGBoost gave (peers/objective_fixtures.py), as the objectives take it. */
import { readFileSync } from 'node:fs';
import type { LabelledRows, ObjectiveName, ObjectiveParameters } from '../../src/objectives/index.js';

/** Sums over the rows of each leaf. */
export interface LeafSums {
  readonly leaf: readonly number[];
  readonly gradient: readonly number[];
  readonly hessian: readonly number[];
}

type Numbers = readonly (number | string)[];

export interface ObjectiveCase {
  readonly name: string;
  readonly objective: ObjectiveName;
  readonly params: Readonly<Record<string, unknown>>;
  readonly targetCount: number;
  readonly labels: Numbers;
  readonly weights?: Numbers;
  readonly queryStart?: readonly number[];
  readonly bounds?: { readonly lower: Numbers; readonly upper: Numbers };
  readonly margins: Numbers;
  readonly pairSeed?: number;
  readonly sums: readonly LeafSums[];
  readonly baseScore: readonly number[];
  readonly baseMargins: Numbers;
  readonly predictions: Numbers;
}

interface UnbiasedRound {
  readonly margins: Numbers;
  readonly sums: LeafSums;
  readonly 'ti+': readonly number[];
  readonly 'tj-': readonly number[];
}

export interface ObjectiveFixture {
  readonly cases: readonly ObjectiveCase[];
  readonly unbiased: {
    readonly labels: Numbers;
    readonly queryStart: readonly number[];
    readonly truncation: number;
    readonly rounds: readonly UnbiasedRound[];
  };
}

const path = new URL('../fixtures/objectives.json', import.meta.url);
export const fixture: ObjectiveFixture = JSON.parse(readFileSync(path, 'utf8'));

/** JSON has no infinity: it comes as the text "inf". */
export function float32(values: Numbers): Float32Array {
  return Float32Array.from(values, (value) => (value === 'inf' ? Number.POSITIVE_INFINITY : Number(value)));
}

export function rowsOf(given: Pick<ObjectiveCase, 'labels' | 'weights' | 'queryStart' | 'bounds'>): LabelledRows {
  return {
    labels: float32(given.labels),
    ...(given.weights && { weights: float32(given.weights) }),
    ...(given.queryStart && { queryStart: Uint32Array.from(given.queryStart) }),
    ...(given.bounds && { bounds: { lower: float32(given.bounds.lower), upper: float32(given.bounds.upper) } }),
  };
}

/** XGBoost's parameters by our names: snake_case to camelCase, and the few that differ. */
export function parametersOf({ params, targetCount }: ObjectiveCase): Partial<ObjectiveParameters> {
  const named = Object.entries(params).map(([name, value]) => {
    if (name === 'num_class') return ['classCount', value];
    const camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    return [camel, camel.endsWith('Alpha') ? [value].flat() : value];
  });
  return { ...Object.fromEntries(named), targetCount };
}
