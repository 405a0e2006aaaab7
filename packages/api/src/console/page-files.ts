/** The files of the console's page, which the build has made, with the headers that keep it to itself. */
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceError } from '../service-error.js';

export interface PageFile {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly content: Buffer;
}

/** By name; the page itself is `index.html`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** In dist, from src as well as from dist. */
const FOLDER = fileURLToPath(new URL('../../dist/page/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
};

/** Scripts, styles and requests of this server alone; no inline code, no eval, no text that becomes markup. */
const CONTENT_SECURITY_POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ...["require-trusted-types-for 'script'", "trusted-types 'none'"],
].join('; ');

/** @throws ServiceError when the page has not been built */
export function readPageFiles(folder: string = FOLDER): PageFiles {
  try {
    const names = readdirSync(folder).filter((name) => TYPES[extname(name)] !== undefined);
    return new Map(names.map((name) => [name, readPageFile(join(folder, name))]));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new ServiceError(
      'NotFound',
      `The console has not been built: there is no ${folder}. Run npm run build.`,
      404,
    );
  }
}

// --- internal ---

function readPageFile(path: string): PageFile {
  const content = readFileSync(path);
  return {
    content,
    headers: {
      'Content-Type': TYPES[extname(path)]!,
      'Content-Length': content.length,
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'Cache-Control': 'no-cache',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  };
}
