/**
 * CSV of a channel as blocks: `text/csv` with SageMaker's parameter `label_size`, labels first. Without a header line
 * columns count by position; with one (`header=present` or `auto`) they are matched by name, as those of Parquet.
 * Sources: AWS guide "Common Data Formats for Training"; RFC 4180 for quotes and line ends.
 */
import type { Block, Blocks } from '../block.js';
import { parseSources } from '../block-parser.js';
import { anyHasText } from '../categories/survey.js';
import type { NamedColumns } from '../column-names.js';
import { expectedNames, namesOf, planColumns, positioned, requireNames } from '../column-plan.js';
import { firstLines } from '../first-lines.js';
import { labelSizeOf } from '../label-size.js';
import type { BlockReader, DataSource, ReadSettings, Sources } from '../reader.js';
import { headerModeOf } from './content-type.js';
import type { HeaderRule } from './header.js';
import { type CsvKernel, createCsvKernel } from './kernel.js';
import { CsvParser } from './parser.js';

export const csvReader: BlockReader = {
  columnsOf,
  hasText,
  read: readBlocks,
};

// --- internal ---

async function* readBlocks(sources: Sources, settings: ReadSettings): Blocks<Block> {
  yield* parseSources(sources, createParser(settings, { as: await settings.columns?.() }), 'line');
}

interface ParserOptions {
  /** Columns that all files must agree with; default: those of the first file that has a header. */
  readonly as?: NamedColumns | undefined;
  readonly kernel?: CsvKernel;
  /** Called with the names of a file, undefined where it has no header line. */
  onNames?(names: NamedColumns | undefined): void;
}

function createParser(settings: ReadSettings, { as, kernel, onNames }: ParserOptions): CsvParser {
  const { contentType, columns, ...options } = settings;
  const header = headerRule(settings, as, onNames);
  const labelCount = labelSizeOf(contentType);
  return new CsvParser({ ...options, labelCount, header, mayDeclare: columns === undefined }, kernel);
}

function headerRule(
  settings: ReadSettings,
  as: NamedColumns | undefined,
  onNames?: ParserOptions['onNames'],
): HeaderRule | undefined {
  const mode = headerModeOf(settings.contentType, '');
  if (mode === 'absent') return undefined;
  let expected = { ...expectedNames(settings), as };
  return {
    mode,
    get known() {
      const { as } = expected;
      return as && [...as.labels, ...as.weights, ...as.features];
    },
    plan(names, where) {
      const columns = planColumns(
        names.map((name, source) => ({ name, source })),
        expected,
        where,
      );
      const named = namesOf(columns, where.replace(/ line 1$/, ''));
      onNames?.(named);
      expected = { ...expected, as: expected.as ?? named };
      return positioned(columns);
    },
    planUnnamed(where) {
      requireNames(expected, where);
      onNames?.(undefined);
    },
  };
}

/** The names in a file's header line; undefined where it has none. */
async function columnsOf(source: DataSource, settings: ReadSettings): Promise<NamedColumns | undefined> {
  let found: NamedColumns | undefined;
  let isKnown = false;
  const onNames = (names: NamedColumns | undefined) => {
    found = names;
    isKnown = true;
  };
  try {
    for await (const _ of readStart(source, createParser(settings, { onNames }))) break;
  } catch (error) {
    // What is wrong with the rows is for whoever reads them.
    if (!isKnown) throw error;
  }
  return found;
}

/** Whether the first lines of a file have text in a column that is not declared to be text. */
function hasText(sources: Sources, settings: ReadSettings): Promise<boolean> {
  const kernel = createCsvKernel();
  return anyHasText(sources, (source, texts) => readStart(source, createParser({ ...settings, texts }, { kernel })));
}

/** The rows in the first lines of a file. */
async function* readStart(source: DataSource, parser: CsvParser): Blocks<Block> {
  yield* parseSources([await firstLines(source)], parser, 'line');
}
