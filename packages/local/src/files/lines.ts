/**
 * The lines of a file of JSON Lines, one at a time: they end at line feeds only. Node's readline ends them also at U+2028 and
 * U+2029, which a text in JSON may hold as they are.
 */
import { createReadStream } from 'node:fs';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = /^\ufeff/;

/** Without line ends, and without a byte order mark. */
export async function* linesOf(path: string): AsyncGenerator<string, void, undefined> {
  let parts: Buffer[] = [];
  let isFirst = true;
  const take = () => {
    const text = Buffer.concat(parts).toString('utf8').replace(/\r$/, '');
    parts = [];
    const line = isFirst ? text.replace(BYTE_ORDER_MARK, '') : text;
    isFirst = false;
    return line;
  };
  for await (const chunk of createReadStream(path)) {
    const bytes = chunk as Buffer;
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
      parts.push(bytes.subarray(start, end));
      start = end + 1;
      yield take();
    }
    if (start < bytes.length) parts.push(bytes.subarray(start));
  }
  if (parts.length > 0) yield take();
}
