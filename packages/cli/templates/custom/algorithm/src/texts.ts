/** Labelled texts from the files of a channel: JSON Lines. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { ClientError } from '@algo/contract';
import { z } from 'zod';
import type { LabelledText } from './naive-bayes.js';

const schema = z.object({ text: z.string(), label: z.string().min(1) });

/** What is used of a channel. */
export interface TextChannel {
  readonly name: string;
  files(): readonly { readonly name: string; readonly path: string }[];
}

/** @throws ClientError E_DATA_TEXT naming file, line and what is wrong there */
export async function* textsOf(channel: TextChannel): AsyncGenerator<LabelledText, void, undefined> {
  for (const { name, path } of channel.files()) {
    let line = 0;
    for await (const bytes of createInterface({ input: createReadStream(path, 'latin1') })) {
      line++;
      const place = `${channel.name}/${name} line ${line}`;
      if (line === 1 && bytes.startsWith(GZIP)) throw gzipError(place);
      const text = decode(bytes, place);
      if (text.trim() !== '') yield parseLine(text, place);
    }
  }
}

// --- internal ---

/** What gzip files begin with. Source: RFC 1952, section 2.3.1. */
const GZIP = '\x1f\x8b';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @param bytes a character for each, so that lines are found before their text is decoded and an error can name one */
function decode(bytes: string, place: string): string {
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'));
  } catch (cause) {
    throw new ClientError('E_DATA_TEXT', `${place}: the text must be UTF-8; it is in another encoding.`, { cause });
  }
}

function gzipError(place: string): ClientError {
  return new ClientError(
    'E_DATA_TEXT',
    `${place}: expected JSON; received gzip data. Upload it unpacked; CompressionType Gzip is for Pipe mode only.`,
  );
}

function parseLine(line: string, place: string): LabelledText {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new ClientError('E_DATA_TEXT', `${place}: expected JSON; received ${line.slice(0, 40)}.`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ClientError(
    'E_DATA_TEXT',
    `${place}: expected {"text":"…","label":"…"}; ${z.prettifyError(parsed.error)}.`,
  );
}
