/**
 * What a Search must hold to: properties that its resource has, operators that fit them, values that can be compared.
 * Source: SageMaker API Reference, Filter. Its words are known of one error only.
 */
import { validationError } from '../resources/context.js';
import type { SearchExpression, SearchFilter } from './filter.js';
import { type PropertyKind, propertyKind } from './property.js';

/** @throws ServiceError ValidationException */
export function checkSearch(resource: string, expression: SearchExpression, sortBy: string | undefined): void {
  if (sortBy !== undefined && propertyKind(resource, sortBy) === undefined) {
    throw validationError(`SortBy must be a property of ${resource}; received "${sortBy}".`);
  }
  checkExpression(resource, expression);
  if (countContains(expression) > 1) throw validationError("'CONTAINS' operator usage limit of 1 exceeded.");
}

// --- internal ---

function checkExpression(resource: string, expression: SearchExpression): void {
  const { Filters = [], NestedFilters = [], SubExpressions = [] } = expression;
  for (const filter of Filters) checkFilter(filter, resource, propertyKind(resource, filter.Name));
  for (const { NestedPropertyName: list, Filters: own } of NestedFilters) {
    if (propertyKind(resource, list) !== 'structure') {
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
  if (kind === 'time') return isNumber || !Number.isNaN(Date.parse(value));
  return kind !== 'boolean' || value === 'true' || value === 'false';
}
