/**
 * Whether a resource matches a SearchExpression: filters on its properties, joined by And or Or.
 * Source: SageMaker API Reference, Filter, NestedFilters and SearchExpression.
 */
import { parseTime } from './time.js';

export interface SearchFilter {
  /** `TrainingJobStatus`, `HyperParameters.epochs`, `Tags.team`, `Metrics.train:sum`. */
  readonly Name: string;
  readonly Operator?: Operator;
  readonly Value?: string;
}

export interface SearchExpression {
  readonly Filters?: readonly SearchFilter[];
  readonly NestedFilters?: readonly {
    readonly NestedPropertyName: string;
    readonly Filters: readonly SearchFilter[];
  }[];
  readonly SubExpressions?: readonly SearchExpression[];
  readonly Operator?: 'And' | 'Or';
}

type Operator =
  | 'Equals'
  | 'NotEquals'
  | 'GreaterThan'
  | 'GreaterThanOrEqualTo'
  | 'LessThan'
  | 'LessThanOrEqualTo'
  | 'Contains'
  | 'Exists'
  | 'NotExists'
  | 'In';

/** @param expression checked by `checkSearch` */
export function matches(resource: unknown, expression: SearchExpression): boolean {
  const { Filters = [], NestedFilters = [], SubExpressions = [], Operator = 'And' } = expression;
  const results = [
    ...Filters.map((filter) => matchesFilter(propertyValues(resource, filter.Name), filter)),
    ...NestedFilters.map((nested) => matchesNested(resource, nested)),
    ...SubExpressions.map((sub) => matches(resource, sub)),
  ];
  if (results.length === 0) return true;
  return Operator === 'And' ? results.every(Boolean) : results.some(Boolean);
}

/** The values of a property: several where a list is on its way, none where it is not there. */
export function propertyValues(resource: unknown, path: string): readonly unknown[] {
  if (Array.isArray(resource)) return resource.flatMap((item) => propertyValues(item, path));
  if (path === '') return [resource];
  if (typeof resource !== 'object' || resource === null) return [];
  // A key of a map may itself have dots: the longest that is there is meant.
  const parts = path.split('.');
  for (let count = parts.length; count > 0; count--) {
    const key = parts.slice(0, count).join('.');
    if (!Object.hasOwn(resource, key)) continue;
    return propertyValues((resource as Record<string, unknown>)[key], parts.slice(count).join('.'));
  }
  return [];
}

// --- internal ---

/** One item of the list must match all filters. */
function matchesNested(resource: unknown, nested: NonNullable<SearchExpression['NestedFilters']>[number]): boolean {
  const { NestedPropertyName, Filters } = nested;
  const start = `${NestedPropertyName}.`;
  const pathOf = ({ Name }: SearchFilter) => (Name.startsWith(start) ? Name.slice(start.length) : Name);
  return propertyValues(resource, NestedPropertyName).some((item) =>
    Filters.every((filter) => matchesFilter(propertyValues(item, pathOf(filter)), filter)),
  );
}

function matchesFilter(values: readonly unknown[], filter: SearchFilter): boolean {
  const { Operator = 'Equals', Value = '' } = filter;
  if (Operator === 'Exists') return values.length > 0;
  if (Operator === 'NotExists') return values.length === 0;
  const compare = filter.Name.startsWith('HyperParameters.') ? compareHyperparameter : compareProperty;
  if (Operator === 'NotEquals') return !values.some((value) => compare(value, Value) === 0);
  return values.some((value) => matchesValue(value, Operator, Value, compare));
}

function matchesValue(value: unknown, operator: Operator, text: string, compare: typeof compareProperty): boolean {
  if (operator === 'Contains') return String(value).includes(text);
  if (operator === 'In') return text.split(',').some((item) => compare(value, item.trim()) === 0);
  const order = compare(value, text);
  if (operator === 'Equals') return order === 0;
  if (operator === 'GreaterThan') return order > 0;
  if (operator === 'GreaterThanOrEqualTo') return order >= 0;
  return operator === 'LessThan' ? order < 0 : order <= 0;
}

/** Numbers as numbers, times (seconds since 1970) as such or as ISO 8601, else text, which is equal or NaN. */
function compareProperty(value: unknown, text: string): number {
  if (typeof value !== 'number') return String(value) === text ? 0 : Number.NaN;
  const wanted = numberOf(text);
  return value - (Number.isNaN(wanted) ? parseTime(text) : wanted);
}

/** Text whose numbers count. Beside an integer, decimals are integers: 0.5 is not greater than "0", but than "0.0". */
function compareHyperparameter(value: unknown, text: string): number {
  const [own, wanted] = [numberOf(String(value)), numberOf(text)];
  if (Number.isNaN(own) || Number.isNaN(wanted)) return compareProperty(value, text);
  return (/^\s*[+-]?\d+\s*$/.test(text) ? Math.trunc(own) : own) - wanted;
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
