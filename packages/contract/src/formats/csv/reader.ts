/**
 * CSV of a channel as blocks: `text/csv` with SageMaker's parameter `label_size`, no header, labels first.
 * Sources: AWS guide "Common Data Formats for Training"; RFC 4180 for quotes and line ends.
 */
import { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { CsvParser } from './parser.js';

/** Labels a row has when the content type does not say. */
const DEFAULT_LABEL_COUNT = 1;
const WHOLE_NUMBER = /^\d{1,6}$/;

export const csvReader: BlockReader = {
  readsRecordIO: false,
  checkContentType({ parameters }, owner) {
    const { label_size: labelSize, header } = parameters;
    if (labelSize !== undefined && !WHOLE_NUMBER.test(labelSize)) {
      throw new ClientError(
        'E_CONTENT_TYPE',
        `${owner}: label_size of the content type must be a whole number ≥ 0; received ${JSON.stringify(labelSize)}.`,
      );
    }
    if (header === 'present') {
      throw new ClientError(
        'E_CONTENT_TYPE',
        `${owner}: the content type must not have header=present: CSV of SageMaker has no header line. Remove both.`,
      );
    }
  },
  read: readBlocks,
};

// --- internal ---

async function* readBlocks(
  sources: Iterable<DataSource>,
  { contentType, ...options }: ReadSettings,
): AsyncGenerator<Block, void, undefined> {
  const labelCount = Number(contentType.parameters.label_size ?? DEFAULT_LABEL_COUNT);
  const parser = new CsvParser({ ...options, labelCount });
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
