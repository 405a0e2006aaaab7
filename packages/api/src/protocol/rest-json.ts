/** AWS's REST protocol with JSON bodies: the operation in method and path, members in the query and the body. */
import { type ServiceModel, shapeOf } from '../model/service-model.js';
import type { Exchange, Service } from '../server/exchange.js';
import { ServiceError } from '../service-error.js';
import { readContent } from './content.js';
import { parseObject, sendError } from './json.js';
import { findRestOperation } from './rest-input.js';
import { type Members, type OperationTable, runOperation } from './run-operation.js';

const MAX_BODY_BYTES = 4 * 1024 * 1024;

export function restJsonService(table: OperationTable): Service {
  const { model, name, operations } = table;
  return {
    name,
    takes: ({ target, scope }) => target === undefined && scope?.service === model.metadata.signingName,
    async handle(exchange) {
      const { head, response } = exchange;
      const found = findRestOperation(model, head);
      if (!found) {
        const known = Object.keys(operations).sort().join(', ');
        const message = `${name} has no ${head.method} ${head.path} on this machine. It has: ${known}.`;
        throw new ServiceError('UnknownOperationException', message, 404);
      }
      const body = parseObject(await readContent(exchange, MAX_BODY_BYTES));
      const input = { ...body, ...fromQuery(model, found.operation.input, head.query) };
      const text = JSON.stringify(await runOperation(table, found.name, input, head));
      const headers = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) };
      response.writeHead(found.operation.status ?? 200, headers).end(text);
    },
    fail: (exchange: Exchange, error) => sendError(exchange, withStatus(model, error), 'application/json'),
  };
}

// --- internal ---

function fromQuery(model: ServiceModel, input: string | undefined, query: URLSearchParams): Members {
  const locations = Object.entries(input === undefined ? {} : (shapeOf(model, input).locations ?? {}));
  const found = locations.flatMap(([member, [location, name]]) => {
    const value = location === 'querystring' ? query.get(name) : null;
    return value === null ? [] : [[member, value] as const];
  });
  return Object.fromEntries(found);
}

/** The model says each error's status. */
function withStatus(model: ServiceModel, { code, message, status, members }: ServiceError): ServiceError {
  const known = Object.hasOwn(model.shapes, code) ? model.shapes[code]?.error?.httpStatusCode : undefined;
  return new ServiceError(code, message, known ?? status, members);
}
