/** Checks an answer of ours against its shape, always: a client must never get what AWS's model does not allow. */
import { brokenConstraints } from './constraints.js';
import { type ServiceModel, shapeOf } from './service-model.js';

/**
 * @param shapeName of the operation's output; undefined: it has none, so the answer must be empty
 * @throws Error naming member, rule and value, which is a mistake in this package
 */
export function checkOutput(model: ServiceModel, shapeName: string | undefined, output: unknown): void {
  if (shapeName !== undefined) check(model, shapeName, output, 'Answer');
  else if (typeof output === 'object' && output !== null && Object.keys(output).length > 0) {
    throw new Error(`Answer must be empty; it has ${Object.keys(output).join(', ')}.`);
  }
}

// --- internal ---

function check(model: ServiceModel, shapeName: string, value: unknown, path: string): void {
  const shape = shapeOf(model, shapeName);
  if (shape.document) return;
  if (shape.type === 'list' && Array.isArray(value) && value.length === 0) return; // the lengths that a model has are for requests
  const broken = brokenConstraints(shape, value);
  if (broken.length > 0) throw new Error(`${path}: ${broken[0]}; it is ${JSON.stringify(value)} (${shapeName}).`);
  if (shape.type === 'structure') {
    const object = objectOf(value, path);
    for (const name of shape.required ?? []) {
      if (object[name] === undefined) throw new Error(`${path}.${name} must be there; it is missing (${shapeName}).`);
    }
    for (const [name, item] of Object.entries(object)) {
      const member = shape.members?.[name];
      if (member === undefined) throw new Error(`${path} must not have "${name}": ${shapeName} has no such member.`);
      if (item !== undefined) check(model, member, item, `${path}.${name}`);
    }
  } else if (shape.type === 'list') {
    if (!Array.isArray(value)) throw new Error(`${path} must be a list; it is ${JSON.stringify(value)}.`);
    value.forEach((item, i) => {
      check(model, shape.member!, item, `${path}[${i}]`);
    });
  } else if (shape.type === 'map') {
    for (const [key, item] of Object.entries(objectOf(value, path))) check(model, shape.value!, item, `${path}.${key}`);
  } else checkScalar(shape.type, value, path);
}

function checkScalar(type: string, value: unknown, path: string): void {
  const wanted = type === 'string' || type === 'blob' ? 'string' : type === 'boolean' ? 'boolean' : 'number';
  const isInteger = type !== 'integer' && type !== 'long' ? true : Number.isInteger(value);
  if (typeof value === wanted && isInteger) return;
  throw new Error(`${path} must be a ${type}; it is ${JSON.stringify(value)}.`);
}

function objectOf(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${path} must be an object; it is ${JSON.stringify(value)}.`);
}
