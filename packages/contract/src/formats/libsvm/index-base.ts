/** The parameter `index_base` of `text/libsvm`. */
import { ClientError } from '../../errors.js';
import type { MediaType } from '../media-type.js';

/**
 * The index of the first column as the content type says it, undefined when it does not.
 * @param owner as messages begin: `Channel "train"`
 * @throws ClientError E_CONTENT_TYPE for anything but 0 and 1
 */
export function indexBaseOf({ parameters }: MediaType, owner: string): 0 | 1 | undefined {
  const { index_base: text } = parameters;
  if (text === undefined) return undefined;
  if (text === '0' || text === '1') return text === '0' ? 0 : 1;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: index_base of the content type must be 0 or 1; received ${JSON.stringify(text)}.`,
  );
}
