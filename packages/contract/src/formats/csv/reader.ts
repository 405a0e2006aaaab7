/**
 * CSV of a channel as blocks: `text/csv` with SageMaker's parameter `label_size`, no header, labels first.
 * Sources: AWS guide "Common Data Formats for Training"; RFC 4180 for quotes and line ends.
 */
import { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { MediaType } from '../media-type.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { CsvParser } from './parser.js';

/** Labels a row has when the content type does not say. */
const DEFAULT_LABEL_COUNT = 1;

export const csvReader: BlockReader = {
  readsRecordIO: false,
  checkContentType(contentType) {
    labelCountOf(contentType);
    if (contentType.parameters.header === 'present') {
      throw new ClientError(
        'E_CONTENT_TYPE',
        'Content type text/csv must not have the parameter header=present: CSV of SageMaker has no header line. Remove it from the files and from the content type.',
      );
    }
  },
  read: readBlocks,
};

/**
 * The columns at the front of a line that are labels.
 * @throws ClientError E_CONTENT_TYPE when `label_size` is not a whole number
 */
export function labelCountOf({ parameters }: MediaType): number {
  const text = parameters.label_size;
  if (text === undefined) return DEFAULT_LABEL_COUNT;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new ClientError(
    'E_CONTENT_TYPE',
    `Content type text/csv: label_size must be a whole number ≥ 0; received ${JSON.stringify(text)}.`,
  );
}

// --- internal ---

async function* readBlocks(
  sources: Iterable<DataSource>,
  { contentType, ...options }: ReadSettings,
): AsyncGenerator<Block, void, undefined> {
  const parser = new CsvParser({ ...options, labelCount: labelCountOf(contentType) });
  for (const source of sources) {
    parser.startFile(source.name, { label: source.label, unit: 'line' });
    const stream = await source.open();
    try {
      for (let isEnded = false; !isEnded; ) {
        const reading = stream.read(parser.space());
        const count = typeof reading === 'number' ? reading : await reading;
        isEnded = count === 0;
        if (isEnded) parser.endFile();
        else parser.added(count);
        for (let block = parser.nextBlock(); block; block = parser.nextBlock()) yield block;
      }
    } finally {
      stream.close();
    }
  }
}
