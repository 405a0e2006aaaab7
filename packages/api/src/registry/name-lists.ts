/** Lists of names over HTTP, in pages: `n` names after `last`, with the address of the next page in Link (RFC 5988). */
import type { Exchange } from '../server/exchange.js';
import type { Registry } from './registry.js';

export function answerTags(registry: Registry, exchange: Exchange, { repository }: { readonly repository: string }) {
  const { count, last } = pageOf(exchange);
  const tags = registry.index.tags(repository, last, count + 1);
  sendNames(exchange, { name: repository }, 'tags', tags, count);
}

export function answerCatalog(registry: Registry, exchange: Exchange): void {
  const { count, last } = pageOf(exchange);
  const names = registry.index.repositories(last, count + 1);
  sendNames(exchange, {}, 'repositories', names, count);
}

// --- internal ---

const MAX_NAMES = 1000;

function pageOf({ head }: Exchange): { readonly count: number; readonly last: string } {
  const asked = Number(head.query.get('n') ?? MAX_NAMES);
  const count = Number.isInteger(asked) && asked >= 0 ? Math.min(asked, MAX_NAMES) : MAX_NAMES;
  return { count, last: head.query.get('last') ?? '' };
}

/** @param names one more than the page has, where there are more */
function sendNames(
  { head, response }: Exchange,
  more: object,
  member: string,
  names: readonly string[],
  count: number,
): void {
  const page = names.slice(0, count);
  const last = page.at(-1);
  const body = JSON.stringify({ ...more, [member]: page });
  const next = `<${head.path}?n=${count}&last=${encodeURIComponent(last ?? '')}>; rel="next"`;
  response.writeHead(200, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(names.length > count && last !== undefined && { Link: next }),
  });
  response.end(head.method === 'HEAD' ? undefined : body);
}
