/**
 * Parquet of a channel as blocks: `application/x-parquet`, labels first as in CSV (`label_size`, 1 by default), then the
 * weight if one is asked for, then the features, with their names. Columns are numbers or booleans; null is missing.
 * A file is read from its end, so there is no Pipe mode. Of each column one page is held at a time.
 * Source: apache/parquet-format; its metadata is read by the `hyparquet` library.
 */
import type { Block } from '../block.js';
import { checkMaxRows } from '../block-size.js';
import { csvReader } from '../csv/reader.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { openParquet } from './file.js';
import { type ExpectedColumns, readTable } from './metadata.js';
import { type BlockWriter, createWriter, readGroup } from './row-group.js';

export const parquetReader: BlockReader = {
  readsRecordIO: false,
  readsPipe: false,
  checkContentType: csvReader.checkContentType,
  read: readBlocks,
};

// --- internal ---

/** Labels a row has when the content type does not say. */
const DEFAULT_LABEL_COUNT = 1;

async function* readBlocks(
  sources: Iterable<DataSource>,
  settings: ReadSettings,
): AsyncGenerator<Block, void, undefined> {
  checkMaxRows(settings.maxRows);
  const labelCount = Number(settings.contentType.parameters.label_size ?? DEFAULT_LABEL_COUNT);
  const { hasWeights = false, featureCount } = settings;
  let expected: ExpectedColumns = { labelCount, hasWeights, ...(featureCount !== undefined && { featureCount }) };
  let writer: BlockWriter | undefined;
  for (const source of sources) {
    const file = openParquet(source);
    try {
      const { columns, groups } = await readTable(file, expected);
      expected = { as: { names: columns.map(({ name }) => name), label: file.label }, ...expected };
      writer ??= createWriter(columns, settings);
      let row = 0;
      for (const group of groups) {
        yield* readGroup(file, source.name, columns, group, row, writer, settings);
        row += group.rows;
      }
    } finally {
      file.close();
    }
  }
}
