/**
 * SageMaker's ParameterRanges, read and checked. Their numbers are strings. `Auto` becomes a logarithmic scale where a
 * range of positive values spans two orders of magnitude, the choice that the developer guide advises for such ranges.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/automatic-model-tuning-define-ranges.html
 */
import { ServiceError } from '../service-error.js';
import { parseDecimal, parseInteger } from './number-text.js';
import type { CategoricalRange, NumericRange, Range, Scaling, SearchSpace } from './search-space.js';

/** SageMaker's shape IntegerParameterRange and ContinuousParameterRange. */
export interface NumericParameterRange {
  readonly Name: string;
  readonly MinValue: string;
  readonly MaxValue: string;
  readonly ScalingType?: string;
}

/** SageMaker's shape ParameterRanges. */
export interface ParameterRanges {
  readonly IntegerParameterRanges?: readonly NumericParameterRange[];
  readonly ContinuousParameterRanges?: readonly NumericParameterRange[];
  readonly CategoricalParameterRanges?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly AutoParameters?: readonly object[];
}

/** Quota of a tuning job. */
const MAX_HYPERPARAMETERS = 30;
const MAX_CATEGORIES = 30;
/** `Auto` is logarithmic from this ratio of the ends on. */
const LOGARITHMIC_RATIO = 100;
const SCALINGS = ['Auto', 'Linear', 'Logarithmic', 'ReverseLogarithmic'];

/**
 * The space that the ranges describe: integers, then continuous, then categorical ranges, each in the given order.
 * @throws ServiceError ValidationException with every mistake, one sentence each
 */
export function parseRanges(ranges: ParameterRanges): SearchSpace {
  const mistakes = ranges.AutoParameters?.length ? ['AutoParameters is not available on this machine.'] : [];
  const space: Range[] = [];
  const read = (range: Range | string) => {
    if (typeof range === 'string') mistakes.push(range);
    else space.push(range);
  };
  for (const range of ranges.IntegerParameterRanges ?? []) read(readNumeric('Integer', range));
  for (const range of ranges.ContinuousParameterRanges ?? []) read(readNumeric('Continuous', range));
  for (const range of ranges.CategoricalParameterRanges ?? []) read(readCategorical(range.Name, range.Values));
  const all = [...mistakes, ...findCountMistakes(space, mistakes.length), ...findRepeatedNames(space)];
  if (all.length > 0) throw new ServiceError('ValidationException', all.join(' '));
  return space;
}

// --- internal ---

function readNumeric(kind: 'Integer' | 'Continuous', range: NumericParameterRange): NumericRange | string {
  const field = `${kind}ParameterRanges: hyperparameter "${range.Name}"`;
  const parse = kind === 'Integer' ? parseInteger : parseDecimal;
  const [min, max] = [parse(range.MinValue), parse(range.MaxValue)];
  const noun = kind === 'Integer' ? 'an integer' : 'a finite decimal number';
  if (min === undefined) return `${field}: MinValue must be ${noun}; received ${JSON.stringify(range.MinValue)}.`;
  if (max === undefined) return `${field}: MaxValue must be ${noun}; received ${JSON.stringify(range.MaxValue)}.`;
  if (min > max)
    return `${field}: MinValue must not exceed MaxValue; received ${range.MinValue} and ${range.MaxValue}.`;
  const scaling = readScaling(kind, range.ScalingType ?? 'Auto', min, max);
  if (scaling.mistake !== undefined) return `${field}: ${scaling.mistake}`;
  return { kind, name: range.Name, min, max, scaling: scaling.value };
}

function readScaling(
  kind: 'Integer' | 'Continuous',
  type: string,
  min: number,
  max: number,
): { readonly value: Scaling; readonly mistake?: undefined } | { readonly mistake: string } {
  if (!SCALINGS.includes(type)) {
    return { mistake: `ScalingType must be one of ${SCALINGS.join(', ')}; received ${JSON.stringify(type)}.` };
  }
  if (type === 'Auto') return { value: min > 0 && max / min >= LOGARITHMIC_RATIO ? 'Logarithmic' : 'Linear' };
  if (type === 'Logarithmic' && min <= 0) {
    return {
      mistake: `ScalingType Logarithmic needs a range of values greater than 0; received a MinValue of ${min}.`,
    };
  }
  if (type === 'ReverseLogarithmic' && kind === 'Integer') {
    return { mistake: 'ScalingType ReverseLogarithmic is not supported for integer ranges.' };
  }
  if (type === 'ReverseLogarithmic' && (min < 0 || max >= 1)) {
    return { mistake: `ScalingType ReverseLogarithmic needs a range within 0 <= x < 1; received ${min} to ${max}.` };
  }
  return { value: type as Scaling };
}

function readCategorical(name: string, values: readonly string[]): CategoricalRange | string {
  const field = `CategoricalParameterRanges: hyperparameter "${name}"`;
  if (values.length === 0 || values.length > MAX_CATEGORIES) {
    return `${field} must have 1 to ${MAX_CATEGORIES} values; received ${values.length}.`;
  }
  const repeated = values.find((value, index) => values.indexOf(value) < index);
  if (repeated !== undefined) return `${field} has the value ${JSON.stringify(repeated)} twice.`;
  return { kind: 'Categorical', name, values };
}

function findCountMistakes(space: SearchSpace, mistakes: number): string[] {
  if (space.length === 0 && mistakes === 0) return ['ParameterRanges must have at least 1 hyperparameter to tune.'];
  if (space.length <= MAX_HYPERPARAMETERS) return [];
  return [`ParameterRanges must have at most ${MAX_HYPERPARAMETERS} hyperparameters; received ${space.length}.`];
}

function findRepeatedNames(space: SearchSpace): string[] {
  const names = space.map(({ name }) => name);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) < index));
  return [...repeated].map((name) => `ParameterRanges has the hyperparameter "${name}" twice.`);
}
