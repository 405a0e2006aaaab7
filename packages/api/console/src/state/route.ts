/** The address after `#`, as a route and back. A name may be anything: it is percent-encoded. */
import { infoOf, KINDS, type Kind } from './kinds.js';

export type Route =
  | { readonly page: 'list'; readonly kind: Kind }
  | { readonly page: 'detail'; readonly kind: Kind; readonly name: string }
  | { readonly page: 'create'; readonly kind: Kind; readonly from?: string }
  /** A model and an endpoint of a training job. */
  | { readonly page: 'deploy'; readonly kind: 'endpoint'; readonly job: string }
  | { readonly page: 'compare'; readonly names: readonly string[] }
  | { readonly page: 'unknown' };

/** @param hash with or without `#` */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const parameters = new URLSearchParams(query);
  const [first = '', second, ...rest] = path.split('/').map(decode);
  if (first === '') return { page: 'list', kind: 'training-job' };
  if (first === 'compare' && second === undefined) return { page: 'compare', names: parameters.getAll('job') };
  const kind = KINDS.find((info) => info.path === first)?.kind;
  if (kind === undefined || rest.length > 0) return { page: 'unknown' };
  if (second === undefined || second === '') return { page: 'list', kind };
  if (second !== '+new') return { page: 'detail', kind, name: second };
  const from = parameters.get('from');
  if (kind === 'endpoint' && from !== null) return { page: 'deploy', kind, job: from };
  if (!infoOf(kind).isJob) return { page: 'unknown' };
  return { page: 'create', kind, ...(from !== null && { from }) };
}

export function addressOf(route: Route): string {
  switch (route.page) {
    case 'list':
      return `#/${infoOf(route.kind).path}`;
    case 'detail':
      return `#/${infoOf(route.kind).path}/${encodeURIComponent(route.name)}`;
    case 'create':
      return `#/${infoOf(route.kind).path}/+new${route.from === undefined ? '' : `?${new URLSearchParams({ from: route.from })}`}`;
    case 'deploy':
      return `#/endpoints/+new?${new URLSearchParams({ from: route.job })}`;
    case 'compare':
      return `#/compare?${new URLSearchParams(route.names.map((name): [string, string] => ['job', name]))}`;
    case 'unknown':
      return '#/';
  }
}

// --- internal ---

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
