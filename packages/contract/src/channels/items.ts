/**
 * The objects of a channel of files, one after another and in any input mode: files by name in File mode; in Pipe mode the
 * records that RecordIO wraps around objects, which have no names, or those of an augmented manifest, whose attributes come
 * as a record each, in the order in which the job lists them. Sources: CONTRACT.md, channels.
 */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ClientError, messageOf, PlatformError } from '../errors.js';
import type { ByteStream } from '../formats/reader.js';
import { FrameBuffer } from '../formats/recordio/frame-buffer.js';
import type { StopSignal } from '../training/stop.js';
import { quoted } from '../visible.js';
import type { AttributeValue, ChannelFile, ChannelItem } from './channel.js';

/** The files of a channel in File mode. @param channel its name */
export async function* fileItems(
  channel: string,
  files: readonly ChannelFile[],
  stop: StopSignal,
): AsyncGenerator<ChannelItem, void, undefined> {
  for (const { name, path } of files) {
    await stop.check();
    const label = `${channel}/${name}`;
    yield {
      name,
      label,
      attributes: {},
      bytes: () => readFile(path).catch((error: unknown) => fail(label, error)),
      stream: () => streamOf(path, label),
    };
  }
}

export interface PipeItems {
  /** Of the epoch. */
  readonly label: string;
  /** As the definition declares them; undefined: each record is an object. */
  readonly attributes: readonly string[] | undefined;
  /** Whether there may be no object. */
  readonly isShard: boolean;
  readonly stop: StopSignal;
  open(): Promise<ByteStream>;
}

/**
 * The objects of a Pipe channel's next epoch.
 * @throws ClientError for a stream that is no RecordIO, or ends within an object
 */
export async function* pipeItems(epoch: PipeItems): AsyncGenerator<ChannelItem, void, undefined> {
  const { label, attributes, isShard, stop, open } = epoch;
  const stream = await open();
  const names = attributes ?? [undefined];
  let values: Uint8Array[] = [];
  let items = 0;
  try {
    for await (const record of recordsOf(stream, label)) {
      values.push(record);
      if (values.length < names.length) continue;
      await stop.check();
      yield itemOf(`${label} record ${++items}`, values, attributes);
      values = [];
    }
  } finally {
    stream.close();
  }
  if (values.length > 0) {
    throw new ClientError(
      'E_DATA_FORMAT',
      `${label} record ${items + 1}: expected the attributes ${names.join(', ')}; received ${values.length} of ${names.length}. List them in AttributeNames in this order.`,
    );
  }
  if (items === 0 && !isShard)
    throw new ClientError('E_DATA_EMPTY', `${label}: expected at least one record; received none.`);
}

// --- internal ---

/** Content that is referred to, in place of the reference. */
const REFERENCE = '-ref';

/** The records of a stream, with memory of their own. */
async function* recordsOf(stream: ByteStream, label: string): AsyncGenerator<Uint8Array, void, undefined> {
  const frames = new FrameBuffer();
  frames.startFile({ label, unit: 'record' });
  for (let isEnded = false; !isEnded; ) {
    const count = await stream.read(frames.space());
    isEnded = count === 0;
    if (isEnded) frames.endFile();
    else frames.added(count);
    for (let frame = frames.next(); frame; frame = frames.next()) {
      const record = frame.bytes.slice(frame.start, frame.end);
      frames.taken(frame);
      frames.count();
      yield record;
    }
  }
  const truncated = frames.truncated();
  if (truncated) throw truncated;
}

function itemOf(label: string, values: readonly Uint8Array[], attributes: readonly string[] | undefined): ChannelItem {
  const named = Object.fromEntries(
    (attributes ?? []).map((name, i) => [name, attributeOf(name, values[i]!, label)] as const),
  );
  const content = values[Math.max(0, attributes?.findIndex((name) => name.endsWith(REFERENCE)) ?? 0)]!;
  return {
    name: undefined,
    label,
    attributes: named,
    bytes: async () => content,
    stream: () => once(content),
  };
}

/** Bytes of an object, or the JSON of any other attribute; text that is no JSON is that text. */
function attributeOf(name: string, bytes: Uint8Array, label: string): AttributeValue {
  if (name.endsWith(REFERENCE)) return bytes;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ClientError(
      'E_DATA_FORMAT',
      `${label}: attribute ${quoted(name)} must be text or JSON in UTF-8; received other bytes. Check the order of AttributeNames.`,
      { cause },
    );
  }
  try {
    return JSON.parse(text) as AttributeValue;
  } catch {
    return text;
  }
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield content;
}

async function* streamOf(path: string, label: string): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    for await (const chunk of createReadStream(path)) yield chunk as Uint8Array;
  } catch (error) {
    fail(label, error);
  }
}

function fail(label: string, error: unknown): never {
  const reason = messageOf(error);
  throw new PlatformError('E_ENVIRONMENT', `${label} could not be read: ${reason}.`, { cause: error });
}
