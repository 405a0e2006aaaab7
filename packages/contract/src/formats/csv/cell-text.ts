/** A field as text, for columns of categories: only what is text, so that bytes of another format make no categories. */
import { isUtf8 } from 'node:buffer';
import { ClientError } from '../../errors.js';
import { notUtf8 } from '../categories/decode.js';
import { contentHint } from '../content-hint.js';
import { quoteValue } from '../place.js';
import type { Seen } from './hints.js';

/**
 * @param bytes the field without blanks around it @param where names it, as messages begin @param seen its line
 * @throws ClientError E_DATA_CATEGORY where it is not UTF-8, has a NUL, or a CR outside quotes
 */
export function cellText(bytes: Uint8Array, isQuoted: boolean, where: () => string, seen: () => Seen): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!isUtf8(buffer)) {
    const hint = formatHint(seen());
    throw hint === '' ? notUtf8(where(), buffer.toString('latin1')) : noText(`${where()}: text must be UTF-8`, hint);
  }
  if (buffer.includes(NUL)) {
    const hint = formatHint(seen()) || ' The data is binary or damaged.';
    throw noText(`${where()}: text must have no NUL bytes`, hint);
  }
  if (!isQuoted && buffer.includes(CARRIAGE_RETURN)) {
    const received = quoteValue(buffer.toString('utf8'));
    throw refused(
      `${where()}: a field without quotes must have no CR; received ${received}. Lines must end in LF or CRLF, and a field with a CR needs double quotes.`,
    );
  }
  return buffer.toString('utf8');
}

// --- internal ---

const NUL = 0x00;
const CARRIAGE_RETURN = 0x0d;

/** What the file is, by its start. */
const formatHint = ({ line, bytes }: Seen) => (line === 1 ? contentHint(bytes) : '');

const noText = (rule: string, hint: string) => refused(`${rule}; received bytes that are no text.${hint}`);

const refused = (message: string) => new ClientError('E_DATA_CATEGORY', message);
