/**
 * Outputs of a run: compared with the stored samples, and stored in the notebook without account numbers, with a mark of the
 * cells that they are of.
 */
import { createHash } from 'node:crypto';
import { type Cell, hasTag, type Notebook, nameOfCell, type Output, textOf } from './notebook.js';

/** What a cell with this tag prints is a stored sample; without a sample it shows a picture. */
const SAMPLE_OUTPUT = 'sample-output';
/** The one that AWS's documentation has in its examples, in the place of any other. */
const EXAMPLE_ACCOUNT = '111122223333';
/** 12 digits that are no part of a longer number or word: in ARNs, names of buckets and registries. */
const ACCOUNT = /(?<![\w.])\d{12}(?![\d_]|\.\d)/g;

/** The text of a sample by its path from the notebook; undefined where there is none. */
export type ReadSample = (path: string) => string | undefined;

/** How outputs differ from the stored samples, each with its cell. */
export function sampleProblems(notebook: Notebook, read: ReadSample): readonly string[] {
  return notebook.cells.flatMap((cell, i) => {
    const problem = hasTag(cell, SAMPLE_OUTPUT) ? sampleProblem(cell, read) : undefined;
    return problem === undefined ? [] : [`${nameOfCell(notebook, i)}: ${problem}`];
  });
}

/** The notebook with the outputs of a run of it. */
export function withOutputs(notebook: Notebook, executed: Notebook): Notebook {
  const cells = notebook.cells.map((cell, i): Cell => {
    if (cell.cell_type !== 'code') return cell;
    const { outputs = [], execution_count = null } = executed.cells[i]!;
    return { ...cell, execution_count, outputs: outputs.map(withoutAccounts) };
  });
  return { ...notebook, cells, metadata: { ...notebook.metadata, executed: { source: fingerprintOf(notebook) } } };
}

/** 16 hex digits that change with what the cells are, not with their outputs. */
export function fingerprintOf({ cells }: Notebook): string {
  const parts = cells.map(({ cell_type, source, metadata: { tags, sample, lines } }) => [
    cell_type,
    textOf(source),
    tags,
    sample,
    ...(lines === undefined ? [] : [lines]),
  ]);
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** An account number in the outputs; undefined where there is none. */
export function accountIn({ cells }: Notebook): string | undefined {
  for (const { outputs } of cells) {
    const found = JSON.stringify(outputs?.map(withoutPictures) ?? []).match(ACCOUNT) ?? [];
    const account = found.find((one) => one !== EXAMPLE_ACCOUNT);
    if (account !== undefined) return account;
  }
  return undefined;
}

// --- internal ---

function sampleProblem({ outputs = [], metadata: { sample, lines } }: Cell, read: ReadSample): string | undefined {
  if (sample === undefined) {
    const hasPicture = outputs.some(({ data = {} }) => Object.keys(data).some((type) => type.startsWith('image/')));
    return hasPicture ? undefined : 'the output must have a picture; it has none';
  }
  const printed = outputs.filter(({ output_type, name }) => output_type === 'stream' && name === 'stdout');
  const received = printed.map(({ text }) => textOf(text)).join('');
  const whole = read(sample);
  if (whole === undefined) return `there must be a sample ${sample}; there is none`;
  const stored =
    lines === undefined
      ? whole
      : whole
          .split(/(?<=\n)/)
          .slice(0, lines)
          .join('');
  return stored === received ? undefined : `the output must equal ${sample}; ${difference(stored, received)}`;
}

/** Around the first difference. */
function difference(stored: string, received: string): string {
  let at = 0;
  while (stored[at] === received[at]) at += 1;
  const excerpt = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 40));
  return `at character ${at + 1} it has ${excerpt(received)} where the sample has ${excerpt(stored)}`;
}

function withoutAccounts(output: Output): Output {
  return mapTexts(output, (text) => text.replaceAll(ACCOUNT, EXAMPLE_ACCOUNT)) as Output;
}

/** Base64 may have 12 digits by chance. */
function withoutPictures({ data = {}, ...output }: Output): Output {
  return { ...output, data: Object.fromEntries(Object.entries(data).filter(([type]) => !isPicture(type))) };
}

function isPicture(type: string): boolean {
  return type.startsWith('image/') && !type.includes('svg');
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, isPicture(key) ? item : mapTexts(item, map)]),
  );
}
