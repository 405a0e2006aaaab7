/**
 * AWS JSON 1.0 and 1.1: one path, the operation in X-Amz-Target, members as JSON, times as seconds since 1970, errors as
 * `__type`. A service is its model and a function per operation; requests and answers are checked against the model.
 */
import type { ServerResponse } from 'node:http';
import type { Exchange, Service } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';
import { readContent } from './content.js';
import { textOf } from './lasting-answer.js';
import { findOperation, type Members, type OperationTable, runOperation } from './run-operation.js';

/** A model package's card has up to 100,000 characters; nothing else comes near it. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

export function jsonService(table: OperationTable): Service {
  const { name, model } = table;
  const prefix = () => `${model.metadata.targetPrefix ?? name}.`;
  const contentType = () => `application/x-amz-json-${model.metadata.jsonVersion ?? '1.1'}`;
  return {
    name,
    takes: ({ target }) => target?.startsWith(prefix()) ?? false,
    async handle(exchange) {
      const operation = exchange.head.target!.slice(prefix().length);
      const { output } = findOperation(table, operation);
      const request = parseObject(await readContent(exchange, MAX_BODY_BYTES));
      const answer = await runOperation(table, operation, request, exchange.head);
      send(exchange.response, 200, contentType(), output === undefined ? '' : textOf(answer));
    },
    fail: (exchange, error) => sendError(exchange, error, contentType()),
  };
}

/** An error as JSON protocols write it. Clients read `Message` where the model has the error's shape, else `message`. */
export function sendError({ response }: Exchange, error: ServiceError, contentType: string): void {
  const { code, message, status, members } = error;
  response.setHeader('x-amzn-errortype', code);
  send(response, status, contentType, JSON.stringify({ __type: code, message, Message: message, ...members }));
}

// --- internal ---

/** Members that are null count as absent, as the services read them. */
export function parseObject(body: Buffer): Members {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    const text = body.toString('utf8');
    value = text.includes('null') ? JSON.parse(text, withoutNull) : JSON.parse(text);
  } catch (error) {
    throw new ServiceError('SerializationException', `The body must be JSON; ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new ServiceError('SerializationException', 'The body must be a JSON object.');
}

function withoutNull(this: unknown, _key: string, item: unknown): unknown {
  return item === null && !Array.isArray(this) ? undefined : item;
}

function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
