/**
 * The properties of a resource that Search knows: the members of its shape, and `Tags.KEY` and `Metrics.NAME`. A path goes
 * into structures, into each item of a list, and takes the rest as the key of a map: `HyperParameters.learning_rate`.
 */
import { type Shape, serviceModel, shapeOf } from '../../model/service-model.js';

/** What of a property can be compared. A hyperparameter is text whose numbers count. */
export type PropertyKind = 'text' | 'number' | 'time' | 'boolean' | 'hyperparameter' | 'structure';

/** @returns undefined where the resource has no such property */
export function propertyKind(resource: string, path: string): PropertyKind | undefined {
  if (path === 'LastModifiedTime') return 'time'; // what every resource is sorted by without SortBy
  const [first = '', ...rest] = path.split('.');
  if (first === 'Tags' && rest.length > 0) return 'text';
  if (first === 'Metrics' && resource === 'TrainingJob') return rest.length > 0 ? 'number' : undefined;
  if (first === 'HyperParameters' && rest.length > 0) return 'hyperparameter';
  return kindAt(shapeOf(MODEL, resource), path.split('.'));
}

/** Whether it is a list of structures, as NestedFilters need it. Of tags, `Tags.KEY` is the property. */
export function isNested(resource: string, path: string): boolean {
  const parts = path.split('.');
  return parts[0] !== 'Tags' && endsInList(shapeOf(MODEL, resource), parts);
}

// --- internal ---

const MODEL = serviceModel('sagemaker');

function kindAt(shape: Shape, path: readonly string[]): PropertyKind | undefined {
  if (shape.type === 'list') return kindAt(shapeOf(MODEL, shape.member!), path);
  const [name, ...rest] = path;
  if (name === undefined) return kindOf(shape);
  if (shape.type === 'map') return kindAt(shapeOf(MODEL, shape.value!), []);
  const members = shape.members ?? {};
  return Object.hasOwn(members, name) ? kindAt(shapeOf(MODEL, members[name]!), rest) : undefined;
}

function endsInList(shape: Shape, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return shape.type === 'list' && shapeOf(MODEL, shape.member!).type === 'structure';
  if (shape.type === 'list') return endsInList(shapeOf(MODEL, shape.member!), [name, ...rest]);
  const { members = {} } = shape;
  return Object.hasOwn(members, name) && endsInList(shapeOf(MODEL, members[name]!), rest);
}

function kindOf({ type }: Shape): PropertyKind {
  if (type === 'string') return 'text';
  if (type === 'timestamp') return 'time';
  if (type === 'boolean') return 'boolean';
  return type === 'structure' || type === 'map' || type === 'list' || type === 'blob' ? 'structure' : 'number';
}
