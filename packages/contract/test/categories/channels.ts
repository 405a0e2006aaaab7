/** Channels of text: a job with them, and its rows with the names of the codes. */
import type { Channel } from '../../src/channels/channel.js';
import type { Block, BlockOptions, ValuePolicy } from '../../src/formats/block.js';
import type { Job } from '../channels/job.js';

export const TEXT: ValuePolicy = { missingValues: 'accept', infiniteValues: 'refuse', text: 'accept' };
const rows = {
  description: 'rows',
  contentTypes: ['text/csv', 'application/jsonlines', 'application/json', 'application/x-parquet', 'text/libsvm'],
} as const;
const definitions = { train: { ...rows, required: true }, validation: rows } as const;

/** The channels of these content types, for an algorithm that takes text. */
export function openText(job: Job, contentTypes: Readonly<Record<string, string>>, policy = TEXT) {
  const configs = Object.entries(contentTypes).map(([name, ContentType]) => [name, { ContentType }] as const);
  return job.open(Object.fromEntries(configs), { definitions, policy });
}

export interface NamedRows {
  /** Labels, then features; names in place of codes, null where a value is missing. */
  readonly rows: (number | string | null)[][];
  readonly categories: Block['categories'];
  readonly columnNames: Block['columnNames'];
}

export async function readNamed(channel: Channel | undefined, options?: BlockOptions): Promise<NamedRows> {
  const read: NamedRows['rows'] = [];
  let first: Block | undefined;
  for await (const block of channel!.blocks(options)) {
    first ??= block;
    const { rows: count, columns, labelCount, labels, features, categories } = block;
    const name = (value: number, names: readonly string[] | undefined) =>
      Number.isNaN(value) ? null : names ? (names[value] ?? `code ${value}`) : value;
    for (let row = 0; row < count; row++) {
      const own = [...labels.subarray(row * labelCount, (row + 1) * labelCount)];
      const others = [...features.subarray(row * columns, (row + 1) * columns)];
      read.push([
        ...own.map((value, index) => name(value, categories?.labels[index])),
        ...others.map((value, index) => name(value, categories?.features[index])),
      ]);
    }
  }
  return { rows: read, categories: first?.categories, columnNames: first?.columnNames };
}
