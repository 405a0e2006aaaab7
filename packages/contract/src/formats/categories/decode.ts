/** Bytes as text, which must be UTF-8: otherwise equal names would not be equal bytes in the model. */
import { isUtf8 } from 'node:buffer';
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';

/** @throws ClientError E_DATA_CATEGORY when they are not UTF-8 */
export function decodeText(bytes: Uint8Array, where: () => string): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (isUtf8(buffer)) return buffer.toString('utf8');
  throw notUtf8(where(), buffer.toString('latin1'));
}

/** @param text as far as it can be shown */
export function notUtf8(where: string, text: string): ClientError {
  return new ClientError(
    'E_DATA_CATEGORY',
    `${where}: text must be UTF-8; received ${quoteValue(text)} in another encoding. Save the data as UTF-8.`,
  );
}
