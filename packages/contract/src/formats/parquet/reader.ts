/**
 * Parquet of a channel as blocks: `application/x-parquet`, labels first as in CSV (`label_size`, 1 by default; `label=NAME` moves a column to the front), then the
 * weight if one is asked for, then the features, with their names. Columns are numbers or booleans; null is missing. The
 * first file's order stands for all: others are matched by name. A file is read from its end, so what comes through a pipe is
 * spooled, an object at a time. Of each column one page is held at a time. Source: apache/parquet-format.
 */
import type { Block, Blocks } from '../block.js';
import { checkMaxRows } from '../block-size.js';
import { type BlockWriter, createWriter } from '../block-writer.js';
import type { NamedColumns } from '../column-names.js';
import { expectedNames, namesOf } from '../column-plan.js';
import type { BlockReader, DataSource, ReadSettings, Sources } from '../reader.js';
import { openParquet } from './file.js';
import { type ExpectedTable, readTable } from './metadata.js';
import { isTextFolder } from './partitions.js';
import { readGroup } from './row-group.js';

export const parquetReader: BlockReader = { columnsOf, hasText, read: readBlocks };

// --- internal ---

async function* readBlocks(sources: Sources, settings: ReadSettings): Blocks<Block> {
  checkMaxRows(settings.maxRows);
  let expected = { ...expectedTable(settings), as: await settings.columns?.() };
  let writer: BlockWriter | undefined;
  const groupSettings = { ...settings, memories: [] };
  for await (const source of sources) {
    const file = openParquet(source);
    try {
      const { columns, groups } = readTable(file, source.name, expected);
      expected = { ...expected, as: expected.as ?? namesOf(columns, file.label) };
      writer ??= createWriter(columns, settings);
      let row = 0;
      for (const group of groups) {
        yield* readGroup(file, source.name, columns, group, row, writer, groupSettings);
        row += group.rows;
      }
    } finally {
      file.close();
    }
  }
}

/** The names of the first file's columns. */
function columnsOf(source: DataSource, settings: ReadSettings): NamedColumns {
  const file = openParquet(source);
  try {
    return namesOf(readTable(file, source.name, expectedTable(settings)).columns, file.label);
  } finally {
    file.close();
  }
}

/** Whether one of the files has a column of text. */
async function hasText(sources: Sources, settings: ReadSettings): Promise<boolean> {
  for await (const source of sources) {
    const file = openParquet(source);
    try {
      const { columns } = readTable(file, source.name, expectedTable(settings));
      if (columns.some((column) => ('position' in column ? column.isText : isTextFolder(column)))) return true;
    } finally {
      file.close();
    }
  }
  return false;
}

function expectedTable(settings: ReadSettings): ExpectedTable {
  return { ...expectedNames(settings), acceptsText: settings.policy.text === 'accept' };
}
