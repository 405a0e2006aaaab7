/** A request of a REST protocol as the members of its model: parts of the path and headers. The body is left to the service. */
import type { OperationModel, ServiceModel } from '../model/service-model.js';
import { shapeOf } from '../model/service-model.js';
import { validateInput } from '../model/validate-input.js';
import { textOfHeader } from '../server/header-text.js';
import type { RequestHead } from '../server/request-head.js';
import { ServiceError } from '../service-error.js';

export interface RestOperation {
  readonly name: string;
  readonly operation: OperationModel;
  /** Parts of the path, decoded. */
  readonly path: Readonly<Record<string, string>>;
}

/** The operation whose method and path a request has. */
export function findRestOperation(model: ServiceModel, { method, path }: RequestHead): RestOperation | undefined {
  for (const [name, operation] of Object.entries(model.operations)) {
    const match = operation.method === method ? pathExpression(operation.uri!).exec(path) : null;
    if (match) return { name, operation, path: mapValues(match.groups ?? {}, decode) };
  }
  return undefined;
}

/**
 * The members that are in the path and headers, validated.
 * @throws ServiceError ValidationException
 */
export function readRestInput(
  model: ServiceModel,
  { operation, path }: RestOperation,
  { headers }: RequestHead,
): Readonly<Record<string, string | number>> {
  const shape = shapeOf(model, operation.input!);
  const input: Record<string, string | number> = {};
  for (const [member, [location, name]] of Object.entries(shape.locations ?? {})) {
    const sent = location === 'uri' ? path[name] : headers[name.toLowerCase()];
    if (typeof sent !== 'string') continue;
    const value = location === 'uri' ? sent : textOfHeader(sent);
    const { type } = shapeOf(model, shape.members![member]!);
    input[member] = type === 'integer' && /^-?\d{1,10}$/.test(value) ? Number(value) : value;
  }
  // The body is checked by its size when it is read.
  validateInput(model, operation.input!, shape.payload ? { ...input, [shape.payload]: '' } : input);
  return input;
}

// --- internal ---

const expressions = new Map<string, RegExp>();

/** `/endpoints/{EndpointName}/invocations` */
function pathExpression(uri: string): RegExp {
  const known = expressions.get(uri);
  if (known) return known;
  const expression = new RegExp(`^${uri.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
  expressions.set(uri, expression);
  return expression;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ServiceError('ValidationError', `The path must be percent-encoded UTF-8; received "${text}".`);
  }
}

function mapValues(object: Readonly<Record<string, string>>, map: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
