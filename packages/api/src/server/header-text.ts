/**
 * Text in headers and request targets. Node gives and takes their bytes as Latin-1; clients and S3 mean UTF-8, but for those
 * that send a character of Latin-1 as one byte.
 */
import { isUtf8 } from 'node:buffer';

/** What the bytes of a value mean. */
export function textOfHeader(value: string): string {
  const bytes = Buffer.from(value, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : value;
}

/** A text as Node sends it in UTF-8. */
export function headerOfText(text: string): string {
  return Buffer.from(text).toString('latin1');
}
