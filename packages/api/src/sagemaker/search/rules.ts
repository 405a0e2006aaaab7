/**
 * What a Search must hold to: properties that its resource has, operators that fit them, values that can be compared.
 * Sources: SageMaker API Reference, Filter, SearchExpression and Search. Its words are known of one error only.
 */
import { validationError } from '../resources/context.js';
import type { SearchExpression, SearchFilter } from './filter.js';
import { isNested, type PropertyKind, propertyKind } from './property.js';
import { parseTime } from './time.js';

/** Filters, nested filters and expressions in one expression, and in all that are in it. */
const [MAX_ELEMENTS, MAX_RECURSIVE] = [20, 50];

export interface VisibilityCondition {
  /** `Tags.KEY` */
  readonly Key?: string;
  readonly Value?: string;
}

/** @throws ServiceError ValidationException */
export function checkVisibility(conditions: readonly VisibilityCondition[]): void {
  const wrong = conditions.find(({ Key = '' }) => !/^Tags\../.test(Key));
  if (wrong)
    throw validationError(`The Key of a visibility condition must be Tags.KEY; received "${wrong.Key ?? ''}".`);
}

/** @throws ServiceError ValidationException */
export function checkSearch(
  resource: string,
  expression: SearchExpression | undefined,
  sortBy: string | undefined,
): void {
  if (sortBy !== undefined && propertyKind(resource, sortBy) === undefined) {
    throw validationError(`SortBy must be a property of ${resource}; received "${sortBy}".`);
  }
  if (!expression) return;
  checkExpression(resource, expression);
  const count = countElements(expression);
  if (count > MAX_RECURSIVE) {
    throw validationError(
      `A SearchExpression must have up to ${MAX_RECURSIVE} filters and expressions; received ${count}.`,
    );
  }
  if (countContains(expression) > 1) throw validationError("'CONTAINS' operator usage limit of 1 exceeded.");
}

// --- internal ---

function checkExpression(resource: string, expression: SearchExpression): void {
  const { Filters = [], NestedFilters = [], SubExpressions = [] } = expression;
  const count = Filters.length + NestedFilters.length + SubExpressions.length;
  if (count === 0) throw validationError('A SearchExpression must have a filter, a nested filter or an expression.');
  if (count > MAX_ELEMENTS) {
    throw validationError(`An expression must have up to ${MAX_ELEMENTS} elements; received ${count}.`);
  }
  for (const filter of Filters) checkFilter(filter, resource, propertyKind(resource, filter.Name));
  for (const { NestedPropertyName: list, Filters: own } of NestedFilters) {
    if (!isNested(resource, list)) {
      throw validationError(`NestedPropertyName must be a list of ${resource}; received "${list}".`);
    }
    for (const filter of own) {
      const path = filter.Name.startsWith(`${list}.`) ? filter.Name : `${list}.${filter.Name}`;
      checkFilter(filter, resource, propertyKind(resource, path));
    }
  }
  for (const sub of SubExpressions) checkExpression(resource, sub);
}

function checkFilter({ Name, Operator, Value }: SearchFilter, resource: string, kind: PropertyKind | undefined): void {
  if (kind === undefined) throw validationError(`A filter must name a property of ${resource}; received "${Name}".`);
  const operator = Operator ?? 'Equals';
  if (!operatorsOf(kind).includes(operator)) {
    throw validationError(`The operator ${operator} must not be used with "${Name}", which is a ${kind}.`);
  }
  if (operator === 'Exists' || operator === 'NotExists') return;
  if (Value === undefined) throw validationError(`Filter "${Name}" must have a Value for the operator ${operator}.`);
  if (!isOfKind(kind, Value)) throw validationError(`The Value of "${Name}" must be a ${kind}; received "${Value}".`);
}

function countElements({ Filters = [], NestedFilters = [], SubExpressions = [] }: SearchExpression): number {
  const nested = NestedFilters.reduce((sum, { Filters: own }) => sum + 1 + own.length, Filters.length);
  return SubExpressions.reduce((sum, sub) => sum + 1 + countElements(sub), nested);
}

function countContains({ Filters = [], NestedFilters = [], SubExpressions = [] }: SearchExpression): number {
  const all = [...Filters, ...NestedFilters.flatMap((nested) => nested.Filters)];
  const own = all.filter(({ Operator }) => Operator === 'Contains').length;
  return SubExpressions.reduce((sum, sub) => sum + countContains(sub), own);
}

const ANY = ['Exists', 'NotExists'];
const EQUAL = [...ANY, 'Equals', 'NotEquals'];
const TEXT = [...EQUAL, 'In', 'Contains'];
const ORDER = ['GreaterThan', 'GreaterThanOrEqualTo', 'LessThan', 'LessThanOrEqualTo'];

function operatorsOf(kind: PropertyKind): readonly string[] {
  if (kind === 'structure') return ANY;
  if (kind === 'boolean') return EQUAL;
  if (kind === 'text') return TEXT;
  return kind === 'hyperparameter' ? [...TEXT, ...ORDER] : [...EQUAL, ...ORDER];
}

function isOfKind(kind: PropertyKind, value: string): boolean {
  const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
  if (kind === 'number') return isNumber;
  if (kind === 'time') return isNumber || !Number.isNaN(parseTime(value));
  return kind !== 'boolean' || value === 'true' || value === 'false';
}
