/**
 * Images of the registry as programs: `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME:TAG` of any account, and the registry's own
 * address. What the registry does not have is left to the other programs.
 */
import type { Programs } from '../jobs/programs.js';
import type { Registry } from './registry.js';

/** @param address of the registry, e.g. `127.0.0.1:4580` */
export function registryPrograms(programs: Programs, registry: Registry, address: string): Programs {
  return {
    ...programs,
    open(image, options) {
      const found = findImage(registry, address, image);
      return programs.open(image, { ...options, pulled: found && `${address}/${found.repository}@${found.digest}` });
    },
    resolve(image) {
      const found = findImage(registry, address, image);
      return found && `${found.host}/${found.repository}@${found.digest}`;
    },
  };
}

// --- internal ---

/** An image with its digest, as its tag may move; undefined when the registry has no such image. */
function findImage(registry: Registry, address: string, image: string) {
  const found = /^([^/]+)\/([^:@]+)(?::([^@]+))?(?:@(.+))?$/.exec(image);
  if (!found) return undefined;
  const [, host, repository, tag = 'latest', digest] = found;
  if (host !== address && host !== address.replace('127.0.0.1', 'localhost') && !ECR_HOST.test(host!)) return undefined;
  const row = registry.findImage(repository!, digest ?? tag);
  return row && { host: host!, repository: repository!, digest: row.digest };
}

const ECR_HOST = /^\d{12}\.dkr[.-]ecr\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/;
