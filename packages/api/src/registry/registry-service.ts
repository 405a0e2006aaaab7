/**
 * The registry's HTTP API, to which docker, podman, buildah and skopeo push and from which they pull, as the OCI Distribution
 * Specification 1.1 has it. Every name and password is right; as in Amazon ECR, a repository must be made before a push.
 */
import type { Exchange, Service } from '../server/exchange.js';
import { answerBlob, deleteBlob } from './blob-requests.js';
import { answerManifest, deleteManifest, putManifest } from './manifest-requests.js';
import { answerCatalog, answerTags } from './name-lists.js';
import { answerReferrers } from './referrers.js';
import type { Registry } from './registry.js';
import { registryError } from './registry-error.js';
import { type Route, readRoute } from './routes.js';
import { addToUpload, cancelUpload, describeUpload, finishUpload, startUpload } from './upload-requests.js';

export function registryService(registry: Registry): Service {
  return {
    name: 'Registry',
    // No bucket of S3 has a name of two characters.
    takes: ({ target, scope, path }) =>
      target === undefined && scope === undefined && (path === '/v2' || path.startsWith('/v2/')),
    async handle(exchange) {
      const { head, response } = exchange;
      response.setHeader('Docker-Distribution-Api-Version', 'registry/2.0');
      const route = readRoute(head.path);
      const method = head.method === 'HEAD' ? 'GET' : head.method;
      const answer = HANDLERS[`${method} ${route.kind}`];
      if (!answer) throw registryError('UNSUPPORTED', `The registry has no ${head.method} of ${head.path}.`);
      if ('repository' in route) registry.requireRepository(route.repository);
      await answer(registry, exchange, route as never);
    },
    fail({ response, head }, { code, message, status }) {
      const body = JSON.stringify({ errors: [{ code, message, detail: {} }] });
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(head.method === 'HEAD' ? undefined : body);
    },
  };
}

// --- internal ---

type Handler = (registry: Registry, exchange: Exchange, route: never) => unknown;

const HANDLERS: Readonly<Record<string, Handler>> = {
  'GET root': (_, { response }) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{}');
  },
  'GET catalog': answerCatalog,
  'GET tags': answerTags,
  'GET referrers': answerReferrers,
  'GET blob': answerBlob,
  'DELETE blob': deleteBlob,
  'POST uploads': startUpload,
  'GET upload': describeUpload,
  'PATCH upload': addToUpload,
  'PUT upload': finishUpload,
  'DELETE upload': cancelUpload,
  'GET manifest': answerManifest,
  'PUT manifest': putManifest,
  'DELETE manifest': deleteManifest,
} satisfies Partial<Record<`${string} ${Route['kind']}`, Handler>>;
