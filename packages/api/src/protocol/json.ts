/**
 * AWS JSON 1.0 and 1.1: one path, the operation in X-Amz-Target, members as JSON, times as seconds since 1970, errors as
 * `__type`. A service is its model and a function per operation; requests and answers are checked against the model.
 */
import type { ServerResponse } from 'node:http';
import { checkOutput } from '../model/check-output.js';
import type { ServiceModel } from '../model/service-model.js';
import { validateInput } from '../model/validate-input.js';
import { type Exchange, readBody, type Service } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';

/** A JSON object under the names of AWS's model. */
export type Members = Readonly<Record<string, unknown>>;

/** Answers a request that its model allows. */
export type Operation = (input: never) => unknown;

export interface JsonServiceOptions {
  readonly name: string;
  readonly model: ServiceModel;
  /** By their names in the model. What the model has and this has not is refused by name. */
  readonly operations: Readonly<Record<string, Operation>>;
}

/** A model package's card has up to 100,000 characters; nothing else comes near it. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export function jsonService({ name, model, operations }: JsonServiceOptions): Service {
  const { targetPrefix = name, jsonVersion = '1.1' } = model.metadata;
  const contentType = `application/x-amz-json-${jsonVersion}`;
  return {
    name,
    takes: ({ target }) => target?.startsWith(`${targetPrefix}.`) ?? false,
    async handle(exchange) {
      const operation = exchange.head.target!.slice(targetPrefix.length + 1);
      const { input, output } = findOperation(name, model, operations, operation);
      const request = parseObject(await readBody(exchange, MAX_BODY_BYTES));
      if (input !== undefined) validateInput(model, input, request);
      const answer = (await operations[operation]!(request as never)) ?? {};
      checkOutput(model, output, answer);
      send(exchange.response, 200, contentType, JSON.stringify(output === undefined ? undefined : answer) ?? '');
    },
    fail: (exchange, error) => sendError(exchange, error, contentType),
  };
}

/** An error as JSON protocols write it. Clients read `Message` where the model has the error's shape, else `message`. */
export function sendError({ response }: Exchange, error: ServiceError, contentType: string): void {
  const { code, message, status, members } = error;
  response.setHeader('x-amzn-errortype', code);
  send(response, status, contentType, JSON.stringify({ __type: code, message, Message: message, ...members }));
}

// --- internal ---

function findOperation(
  service: string,
  model: ServiceModel,
  operations: JsonServiceOptions['operations'],
  operation: string,
) {
  const found = Object.hasOwn(operations, operation) ? model.operations[operation] : undefined;
  if (found) return found;
  const known = Object.keys(operations).sort().join(', ');
  const message = `${service} has no operation "${operation}" on this machine. It has: ${known}.`;
  throw new ServiceError('UnknownOperationException', message);
}

/** Members that are null count as absent, as the services read them. */
function parseObject(body: Buffer): Members {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'), function (this: unknown, _key, item) {
      return item === null && !Array.isArray(this) ? undefined : item;
    });
  } catch (error) {
    throw new ServiceError('SerializationException', `The body must be JSON; ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new ServiceError('SerializationException', 'The body must be a JSON object.');
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
