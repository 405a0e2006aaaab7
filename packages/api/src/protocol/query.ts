/**
 * AWS's query protocol: the operation and its members as parameters of a form or of the query, the answer as XML. A service
 * is its model and a function per operation; requests and answers are checked against the model.
 */
import type { ServerResponse } from 'node:http';
import { type ServiceModel, shapeOf } from '../model/service-model.js';
import type { Exchange, Service } from '../server/exchange.js';
import { readContent } from './content.js';
import { readQueryInput } from './query-input.js';
import { findOperation, type Members, type OperationTable, runOperation } from './run-operation.js';
import { writeXml, type XmlContent, type XmlElement } from './xml.js';

const MAX_BODY_BYTES = 1 << 20;

export function queryService(options: OperationTable): Service {
  const table = { invalidCode: 'ValidationError', unknownCode: 'InvalidAction', ...options };
  const { name, model } = table;
  return {
    name,
    takes: ({ target, scope, path }) =>
      target === undefined && path === '/' && scope?.service === model.metadata.signingName,
    async handle(exchange) {
      const parameters = await readParameters(exchange);
      const action = parameters.get('Action') ?? '';
      const found = findOperation(table, action);
      const input = found.input === undefined ? {} : readQueryInput(model, found.input, parameters);
      const answer = await runOperation(table, action, input, exchange.head);
      const result = found.output === undefined ? [] : writeValue(model, found.output, answer);
      const content: XmlElement[] = [[`${action}Result`, result], metadata(exchange)];
      send(exchange.response, 200, writeXml([`${action}Response`, content], model.metadata.xmlNamespace));
    },
    fail(exchange, { code, message, status }) {
      const type = status >= 500 ? 'Receiver' : 'Sender';
      const error: XmlElement = [
        'Error',
        [
          ['Type', type],
          ['Code', code],
          ['Message', message],
        ],
      ];
      const content: XmlElement[] = [error, ['RequestId', exchange.requestId]];
      send(exchange.response, status, writeXml(['ErrorResponse', content], model.metadata.xmlNamespace));
    },
  };
}

// --- internal ---

async function readParameters(exchange: Exchange): Promise<URLSearchParams> {
  const body = await readContent(exchange, MAX_BODY_BYTES);
  return new URLSearchParams([...exchange.head.query, ...new URLSearchParams(body.toString('utf8'))]);
}

function writeValue(model: ServiceModel, shapeName: string, value: unknown): XmlContent {
  const shape = shapeOf(model, shapeName);
  if (shape.type === 'structure') {
    const present = Object.entries(value as Members).filter(([, item]) => item !== undefined);
    return present.map(([name, item]): XmlElement => [name, writeValue(model, shape.members![name]!, item)]);
  }
  if (shape.type === 'list') {
    return (value as readonly unknown[]).map((item): XmlElement => ['member', writeValue(model, shape.member!, item)]);
  }
  if (shape.type === 'map') {
    const write = (item: unknown) => writeValue(model, shape.value!, item);
    const entries = Object.entries(value as Members);
    return entries.map(
      ([key, item]): XmlElement => [
        'entry',
        [
          ['key', key],
          ['value', write(item)],
        ],
      ],
    );
  }
  if (shape.type === 'timestamp') return new Date((value as number) * 1000).toISOString();
  return value as string | number | boolean;
}

function metadata({ requestId }: Exchange): XmlElement {
  return ['ResponseMetadata', [['RequestId', requestId]]];
}

function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body) });
  response.end(body);
}
