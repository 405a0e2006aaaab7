/**
 * AWS's protocol smithy-rpc-v2-cbor: the service and operation in the path, members as CBOR, times as CBOR's tag 1.
 * Source: Smithy 2.0, "Smithy RPC v2 CBOR protocol".
 */
import { decode, encode, Tagged } from 'cborg';
import { type ServiceModel, shapeOf } from '../model/service-model.js';
import type { Exchange, Service } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';
import { readContent } from './content.js';
import { findOperation, type Members, type OperationTable, runOperation } from './run-operation.js';

const MAX_BODY_BYTES = 4 << 20;
/** CBOR's tag of a time in seconds since 1970. */
const TIME_TAG = 1;
const PROTOCOL = 'rpc-v2-cbor';

export function cborService(table: OperationTable): Service {
  const { name, model } = table;
  const prefix = () => `/service/${model.metadata.targetPrefix}/operation/`;
  return {
    name,
    takes: ({ path, headers }) => headers['smithy-protocol'] === PROTOCOL && path.startsWith(prefix()),
    async handle(exchange) {
      const operation = exchange.head.path.slice(prefix().length);
      const { output } = findOperation(table, operation);
      const request = readMembers(await readContent(exchange, MAX_BODY_BYTES));
      const answer = await runOperation(table, operation, request, exchange.head);
      send(exchange, 200, output === undefined ? {} : tagTimes(model, output, answer));
    },
    fail(exchange, { code, message, status, members }) {
      // Clients of a service that had the query protocol read the error's code from this header.
      exchange.response.setHeader('x-amzn-query-error', `${code};${status < 500 ? 'Sender' : 'Receiver'}`);
      send(exchange, status, { __type: code, message, ...members });
    },
  };
}

// --- internal ---

function readMembers(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    const value = decode(body, { useMaps: true, tags: { [TIME_TAG]: (content) => content() } });
    if (value instanceof Map) return toPlain(value);
  } catch (error) {
    throw new ServiceError('SerializationException', `The body must be CBOR; ${(error as Error).message}.`);
  }
  throw new ServiceError('SerializationException', 'The body must be a CBOR map.');
}

/** Maps as objects. Members that are null count as absent. */
function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain);
  if (!(value instanceof Map)) return value;
  const entries = [...value].filter(([, item]) => item !== null && item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), toPlain(item)]));
}

/** The value with its times tagged, which CBOR cannot distinguish from other numbers. */
function tagTimes(model: ServiceModel, shapeName: string, value: unknown): unknown {
  const shape = shapeOf(model, shapeName);
  if (shape.type === 'timestamp') return new Tagged(TIME_TAG, value);
  if (shape.type === 'list') return (value as readonly unknown[]).map((item) => tagTimes(model, shape.member!, item));
  if (shape.type === 'structure') {
    const present = Object.entries(value as Members).filter(([, item]) => item !== undefined);
    return Object.fromEntries(present.map(([name, item]) => [name, tagTimes(model, shape.members![name]!, item)]));
  }
  return value;
}

function send({ response }: Exchange, status: number, members: unknown): void {
  const body = encode(members);
  response.writeHead(status, {
    'Content-Type': 'application/cbor',
    'Content-Length': body.length,
    'smithy-protocol': PROTOCOL,
  });
  response.end(body);
}
