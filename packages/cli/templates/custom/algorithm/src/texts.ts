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
    for await (const text of createInterface({ input: createReadStream(path) })) {
      line++;
      if (text.trim() === '') continue;
      yield parseLine(text, `${channel.name}/${name} line ${line}`);
    }
  }
}

// --- internal ---

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
