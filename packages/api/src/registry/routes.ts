/** The paths of the registry's HTTP API: `/v2/NAME/blobs/DIGEST`, where a name may have slashes. */
import { registryError } from './registry-error.js';

export type Route =
  | { readonly kind: 'root' | 'catalog' }
  | { readonly kind: 'tags' | 'uploads'; readonly repository: string }
  | {
      readonly kind: 'blob' | 'manifest' | 'upload' | 'referrers';
      readonly repository: string;
      readonly reference: string;
    };

/** @throws ServiceError NAME_INVALID, or NAME_UNKNOWN for a path that is none of the API's */
export function readRoute(path: string): Route {
  const rest = path.replace(/^\/v2\/?/, '');
  if (rest === '') return { kind: 'root' };
  if (rest === '_catalog') return { kind: 'catalog' };
  for (const [kind, pattern] of PATTERNS) {
    const [, repository, reference = ''] = pattern.exec(rest) ?? [];
    if (repository === undefined) continue;
    if (repository.length > 256 || !NAME.test(repository)) {
      throw registryError(
        'NAME_INVALID',
        `A repository's name must match ${NAME.source}; received "${repository.slice(0, 300)}".`,
      );
    }
    return { kind, repository, reference };
  }
  throw registryError('NAME_UNKNOWN', `The registry has nothing at ${path.slice(0, 300)}.`);
}

// --- internal ---

/** Amazon ECR's rule of a repository's name. */
const NAME = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;

const PATTERNS = [
  ['tags', /^(.+)\/tags\/list$/],
  ['uploads', /^(.+)\/blobs\/uploads\/?$/],
  ['upload', /^(.+)\/blobs\/uploads\/([0-9a-f-]{36})$/],
  ['blob', /^(.+)\/blobs\/([^/]+)$/],
  ['referrers', /^(.+)\/referrers\/([^/]+)$/],
  ['manifest', /^(.+)\/manifests\/([^/]+)$/],
] as const;
