/** The values that a hyperparameter takes, and whether those of another are all among them. */
import type { AlgorithmDescription } from '@algo/local';

export type Hyperparameter = NonNullable<
  AlgorithmDescription['TrainingSpecification']
>['SupportedHyperParameters'][number];

type Domain =
  | { readonly kind: 'any' }
  | { readonly kind: 'values'; readonly values: readonly string[] }
  | { readonly kind: 'numbers'; readonly isInteger: boolean; readonly min: number; readonly max: number };

/** A hyperparameter without a range takes every value of its type. */
export function domainOf({ Type, Range }: Hyperparameter): Domain {
  const range = (Range ?? {}) as Readonly<Record<string, unknown>>;
  if (Type === 'FreeText') return { kind: 'any' };
  if (Type === 'Categorical') {
    const found = range.CategoricalParameterRangeSpecification as { readonly Values: readonly string[] } | undefined;
    return found ? { kind: 'values', values: found.Values } : { kind: 'any' };
  }
  const bounds = range[`${Type}ParameterRangeSpecification`] as
    | { readonly MinValue: string; readonly MaxValue: string }
    | undefined;
  const { MinValue = '-Infinity', MaxValue = 'Infinity' } = bounds ?? {};
  return { kind: 'numbers', isInteger: Type === 'Integer', min: Number(MinValue), max: Number(MaxValue) };
}

/** Whether every value of `inner` is one of `outer`. */
export function contains(outer: Domain, inner: Domain): boolean {
  if (outer.kind === 'any') return true;
  if (inner.kind === 'any') return false;
  if (inner.kind === 'values') return inner.values.every((value) => takes(outer, value));
  return (
    outer.kind === 'numbers' &&
    (inner.isInteger || !outer.isInteger) &&
    outer.min <= inner.min &&
    inner.max <= outer.max
  );
}

/** As messages show it: `an integer from 1 to 16`. */
export function domainText(domain: Domain): string {
  if (domain.kind === 'any') return 'any text';
  if (domain.kind === 'values') return `one of ${domain.values.join(', ')}`;
  return `${domain.isInteger ? 'an integer' : 'a number'} from ${domain.min} to ${domain.max}`;
}

// --- internal ---

function takes(domain: Domain, value: string): boolean {
  if (domain.kind === 'any') return true;
  if (domain.kind === 'values') return domain.values.includes(value);
  const number = value.trim() === '' ? Number.NaN : Number(value);
  return number >= domain.min && number <= domain.max && (!domain.isInteger || Number.isInteger(number));
}
