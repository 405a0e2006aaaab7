/**
 * CSV of a channel as blocks: `text/csv` with SageMaker's parameter `label_size`, labels first. Without a header line
 * columns count by position; with one (`header=present` or `auto`) they are matched by name, as those of Parquet.
 * Sources: AWS guide "Common Data Formats for Training"; RFC 4180 for quotes and line ends.
 */
import type { Block } from '../block.js';
import { parseSources } from '../block-parser.js';
import { createSurvey, isAboutText } from '../categories/survey.js';
import type { NamedColumns } from '../column-names.js';
import { expectedNames, namesOf, planColumns, positioned } from '../column-plan.js';
import { firstLines } from '../first-lines.js';
import { checkLabelSize, labelSizeOf } from '../label-size.js';
import type { BlockReader, DataSource, ReadSettings } from '../reader.js';
import { type HeaderRule, headerModeOf } from './header.js';
import { CsvParser } from './parser.js';

export const csvReader: BlockReader = {
  unit: 'line',
  readsRecordIO: false,
  pipeProblem: (contentType) =>
    headerModeOf(contentType, '') === 'absent'
      ? undefined
      : ' with a header line, since a pipe does not say where a file begins',
  checkContentType(contentType, owner) {
    checkLabelSize(contentType, owner);
    headerModeOf(contentType, owner);
  },
  hasNames: (contentType) => headerModeOf(contentType, '') !== 'absent',
  columnsOf,
  hasText,
  read: readBlocks,
};

// --- internal ---

async function* readBlocks(
  sources: Iterable<DataSource>,
  settings: ReadSettings,
): AsyncGenerator<Block, void, undefined> {
  yield* parseSources(sources, createParser(settings, await settings.columns?.()), 'line');
}

/** @param as columns that all files must agree with; default: those of the first file that has a header */
function createParser(settings: ReadSettings, as?: NamedColumns, onNames?: (names: NamedColumns) => void): CsvParser {
  const { contentType, columns, ...options } = settings;
  const header = headerRule(settings, as, onNames);
  return new CsvParser({ ...options, labelCount: labelSizeOf(contentType), header, mayDeclare: columns === undefined });
}

function headerRule(
  settings: ReadSettings,
  as: NamedColumns | undefined,
  onNames?: (names: NamedColumns) => void,
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
  };
}

/** The names in a file's header line; undefined where it has none. */
async function columnsOf(source: DataSource, settings: ReadSettings): Promise<NamedColumns | undefined> {
  let found: NamedColumns | undefined;
  const parser = createParser(settings, undefined, (names) => {
    found = names;
  });
  try {
    await drain(source, parser);
  } catch (error) {
    // What is wrong with the rows behind the header is for whoever reads them.
    if (!found) throw error;
  }
  return found;
}

/** Whether the first lines of a file have text in a column that is not declared to be text. */
async function hasText(source: DataSource, settings: ReadSettings): Promise<boolean> {
  const texts = createSurvey();
  try {
    await drain(source, createParser({ ...settings, texts }, await settings.columns?.()));
  } catch (error) {
    return isAboutText(error) || texts.hasText;
  }
  return texts.hasText;
}

/** Reads the first lines of a file. */
async function drain(source: DataSource, parser: CsvParser): Promise<void> {
  for await (const _ of parseSources([await firstLines(source)], parser, 'line')) {
    // Only what the parser learns of the rows counts.
  }
}
