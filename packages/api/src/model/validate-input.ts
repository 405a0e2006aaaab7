/**
 * Checks a request against its shape, as AWS's services do: a value of a wrong type is a SerializationException, broken
 * constraints are one ValidationException that lists them all:
 *
 *   1 validation error detected: Value 'x!' at 'trainingJobName' failed to satisfy constraint: Member must satisfy …
 *
 * One thing goes beyond the services: they ignore a member that they do not know, here it is refused, as what a newer client
 * asks for must not be left out silently.
 */
import { ServiceError } from '../service-error.js';
import { allConstraints, brokenConstraints } from './constraints.js';
import { type ServiceModel, type Shape, shapeOf } from './service-model.js';

/**
 * @param shapeName of the operation's input
 * @throws ServiceError SerializationException or ValidationException
 */
export function validateInput(model: ServiceModel, shapeName: string, input: unknown): void {
  const problems: string[] = [];
  checkValue({ model, problems }, shapeName, input, '');
  if (problems.length === 0) return;
  const count = problems.length === 1 ? '1 validation error' : `${problems.length} validation errors`;
  throw new ServiceError('ValidationException', `${count} detected: ${problems.join('; ')}`);
}

// --- internal ---

interface Check {
  readonly model: ServiceModel;
  readonly problems: string[];
}

function checkValue(check: Check, shapeName: string, value: unknown, path: string): void {
  const shape = shapeOf(check.model, shapeName);
  if (shape.document) return;
  checkType(shape, value, path);
  const own = brokenConstraints(shape, value);
  for (const constraint of own) report(check, value, path, constraint);
  if (shape.type === 'structure') checkMembers(check, shape, value as Record<string, unknown>, path);
  else if (shape.type === 'list') checkItems(check, shape, value as readonly unknown[], path);
  else if (shape.type === 'map') checkEntries(check, shape, value as Record<string, unknown>, path);
}

function checkMembers(check: Check, shape: Shape, value: Readonly<Record<string, unknown>>, path: string): void {
  const { members = {}, required = [] } = shape;
  for (const name of required) {
    if (value[name] === undefined || value[name] === null) {
      report(check, null, placeOf(path, name), 'Member must not be null');
    }
  }
  for (const [name, item] of Object.entries(value)) {
    if (item === null || item === undefined) continue;
    const member = Object.hasOwn(members, name) ? members[name] : undefined;
    if (member !== undefined) checkValue(check, member, item, placeOf(path, name));
    else report(check, item, placeOf(path, name), `Member must be one that ${check.model.source} knows`);
  }
}

function checkItems(check: Check, shape: Shape, values: readonly unknown[], path: string): void {
  const itemShape = shapeOf(check.model, shape.member!);
  if (!isScalar(itemShape)) {
    values.forEach((item, i) => {
      checkValue(check, shape.member!, item, `${path}.${i + 1}.member`);
    });
    return;
  }
  for (const item of values) checkType(itemShape, item, path);
  if (!values.some((item) => brokenConstraints(itemShape, item).length > 0)) return;
  report(check, values, path, `Member must satisfy constraint: [${allConstraints(itemShape).join(', ')}]`);
}

function checkEntries(check: Check, shape: Shape, map: Readonly<Record<string, unknown>>, path: string): void {
  const [keyShape, valueShape] = [shapeOf(check.model, shape.key!), shapeOf(check.model, shape.value!)];
  const entries = Object.entries(map);
  if (entries.some(([key]) => brokenConstraints(keyShape, key).length > 0)) {
    report(check, map, path, `Map keys must satisfy constraint: [${allConstraints(keyShape).join(', ')}]`);
  }
  if (!isScalar(valueShape)) {
    for (const [key, value] of entries) checkValue(check, shape.value!, value, `${path}.${key}.member`);
    return;
  }
  for (const [, value] of entries) checkType(valueShape, value, path);
  if (entries.some(([, value]) => brokenConstraints(valueShape, value).length > 0)) {
    report(check, map, path, `Map value must satisfy constraint: [${allConstraints(valueShape).join(', ')}]`);
  }
}

function isScalar({ type }: Shape): boolean {
  return type !== 'structure' && type !== 'list' && type !== 'map';
}

/** `inputDataConfig.1.member.channelName` */
function placeOf(path: string, name: string): string {
  const own = name.charAt(0).toLowerCase() + name.slice(1);
  return path === '' ? own : `${path}.${own}`;
}

function report(check: Check, value: unknown, path: string, constraint: string): void {
  const shown = value === null ? 'null' : `'${show(value)}'`;
  check.problems.push(`Value ${shown} at '${path}' failed to satisfy constraint: ${constraint}`);
}

/** As Java prints it: `[a, b]`, `{name=value}`. */
function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value)
    .map(([key, item]) => `${key}=${show(item)}`)
    .join(', ')}}`;
}

/** What a type accepts, and the name of it in AWS's error. */
const TYPES: Readonly<Record<Shape['type'], readonly [name: string, accepts: (value: unknown) => boolean]>> = {
  structure: ['Structure', isObject],
  list: ['List', Array.isArray],
  map: ['Map', isObject],
  string: ['String', (value) => typeof value === 'string'],
  blob: ['Blob', (value) => typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value)],
  boolean: ['Boolean', (value) => typeof value === 'boolean'],
  integer: ['Integer', (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 31],
  long: ['Long', (value) => Number.isInteger(value)],
  float: ['Float', isReal],
  double: ['Double', isReal],
  timestamp: ['Timestamp', Number.isFinite],
};

function checkType({ type }: Shape, value: unknown, path: string): void {
  const [name, accepts] = TYPES[type];
  if (accepts(value)) return;
  const article = name === 'Integer' ? 'an' : 'a';
  const where = path === '' ? 'the request' : `'${path}'`;
  throw new ServiceError(
    'SerializationException',
    `${tokenOf(value)} can not be converted to ${article} ${name} at ${where}`,
  );
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isReal(value: unknown): boolean {
  return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
}

/** The token of JSON that the value began with, as the error names it. */
function tokenOf(value: unknown): string {
  if (Array.isArray(value)) return 'START_ARRAY';
  if (value === null) return 'NULL_VALUE';
  const tokens = { string: 'STRING_VALUE', number: 'NUMBER_VALUE', boolean: 'BOOLEAN_VALUE' };
  return tokens[typeof value as keyof typeof tokens] ?? 'START_OBJECT';
}
