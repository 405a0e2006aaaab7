/**
 * JSON of a channel as blocks: `application/jsonlines`, one row per line, and `application/json`, a list of rows. Columns
 * of records have names, matched as those of Parquet; labels come first (`label_size`, 1 by default; `label=NAME` moves a
 * column to the front). So pandas writes them: `to_json(orient="records")`, with `lines=True` as JSON Lines.
 */
import type { Block, Blocks } from '../block.js';
import { type BlockParser, parseSources } from '../block-parser.js';
import { anyHasText } from '../categories/survey.js';
import type { NamedColumns } from '../column-names.js';
import { firstLines } from '../first-lines.js';
import type { Place } from '../place.js';
import type { BlockReader, DataSource, ReadSettings, Sources } from '../reader.js';
import { JsonDocumentParser } from './document-parser.js';
import { JsonLinesParser } from './lines-parser.js';
import { RowGatherer } from './rows.js';

type CreateParser = (rows: RowGatherer) => BlockParser<Block>;

export const jsonLinesReader: BlockReader = createReader('line', (rows) => new JsonLinesParser(rows), firstLines);
export const jsonReader: BlockReader = createReader(
  'record',
  (rows) => new JsonDocumentParser(rows),
  async (source) => source,
);

// --- internal ---

/** @param startOf a source cut to what is looked at */
function createReader(
  unit: Place['unit'],
  createParser: CreateParser,
  startOf: (source: DataSource) => Promise<DataSource>,
): BlockReader {
  async function* read(sources: Sources, settings: ReadSettings): Blocks<Block> {
    const rows = new RowGatherer(settings, await settings.columns?.());
    yield* parseSources(sources, createParser(rows), unit);
  }
  return {
    async columnsOf(source, settings): Promise<NamedColumns | undefined> {
      const rows = new RowGatherer(settings, undefined);
      try {
        for await (const _ of parseSources([await startOf(source)], createParser(rows), unit)) break;
      } catch (error) {
        // What is wrong with the rows is for whoever reads them.
        if (!rows.isPlanned) throw error;
      }
      return rows.names;
    },
    hasText: (sources, settings) =>
      anyHasText(sources, async function* (source, texts) {
        const rows = new RowGatherer({ ...settings, texts }, undefined);
        yield* parseSources([await startOf(source)], createParser(rows), unit);
      }),
    read,
  };
}
