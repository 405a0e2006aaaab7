/**
 * Labelled rows that a model is measured on, taken apart: the label of each row, and the features as they are sent. The label
 * is the first column, as SageMaker has it in training data.
 */
import { MIMEType } from 'node:util';
import { ArgumentError, listFiles, mediaTypeOf, splitFields, type ValidationProfile } from '@algo/local';
import type { ValidationRecord } from '../record.js';
import { Left } from './left.js';
import { linesOf } from './lines.js';

export interface HoldOut {
  /** As the profile names it. */
  readonly path: string;
  /** Where it is from: a channel of the training job, whose metrics were measured on it, or data of its own. */
  readonly channel: string | undefined;
  readonly task: 'regression' | 'classification' | undefined;
  /** As they are written, without quotes. */
  readonly labels: readonly string[];
  /** [rows × columns], as they are written. */
  readonly features: readonly (readonly string[])[];
  /** Whether there are labelled rows after these, beyond the limit. */
  readonly isPart: boolean;
}

/** Rows; more would take minutes. */
const MAX_ROWS = 5000;
const CHANNEL = 'validation';

/** @throws Left where there are no labelled rows, or in a format that the report does not read */
export function readHoldOut({ profile, input }: ValidationRecord): HoldOut {
  const { path, channel, contentType, task } = place(profile);
  const labelled: (readonly string[])[] = [];
  let [rows, columns] = [0, 0];
  for (const row of readRows(input(path), contentType, path)) {
    rows += 1;
    if (rows === 1) columns = row.length;
    if (columns < 2) throw new Left(`${path} has one column: there is a label or a feature, not both.`);
    if (row.length !== columns) {
      throw new Left(`row ${rows} of ${path} has ${row.length} columns, the first has ${columns}.`);
    }
    if (unquoted(row[0]!) !== '') labelled.push(row);
    if (labelled.length > MAX_ROWS) break;
  }
  if (rows === 0) throw new Left(`${path} has no rows.`);
  if (labelled.length === 0) throw new Left(`no row of ${path} has a label.`);
  const used = labelled.slice(0, MAX_ROWS);
  return {
    ...{ path, channel, task },
    labels: used.map(([label]) => unquoted(label!)),
    features: used.map((row) => row.slice(1)),
    isPart: labelled.length > MAX_ROWS,
  };
}

/**
 * Whether the content type says that the first line names the columns.
 * @throws Left for parameters that are not followed here, but change what the columns are
 */
export function hasHeader(contentType: string): boolean {
  const { params } = new MIMEType(contentType);
  const header = params.get('header')?.toLowerCase() ?? 'absent';
  if (header === 'auto' || params.has('label') || (params.get('label_size') ?? '1') !== '1') {
    throw new Left(
      `the data is ${contentType}; CSV is read here with one label first, and with header=present or without a header.`,
    );
  }
  return header === 'present';
}

export function unquoted(field: string): string {
  const text = field.trim();
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

// --- internal ---

/** The rows of a file or folder of CSV, without their header where the content type says that there is one. */
function* readRows(path: string, contentType: string, name: string): Generator<readonly string[]> {
  if (mediaTypeOf(contentType) !== 'text/csv') throw new Left(`${name} is ${contentType}; only text/csv is read here.`);
  const hasNames = hasHeader(contentType);
  for (const file of listFiles(path, name)) {
    let isHeader = hasNames;
    for (const line of linesOf(file.path, name)) {
      if (!isHeader && line.trim() !== '') yield fieldsOf(line, name);
      isHeader = false;
    }
  }
}

function fieldsOf(line: string, name: string): readonly string[] {
  try {
    return splitFields(line);
  } catch (error) {
    if (error instanceof ArgumentError) throw new Left(`${name}: ${error.message}`);
    throw error;
  }
}

interface Place {
  readonly path: string;
  readonly channel: string | undefined;
  readonly contentType: string;
  readonly task: HoldOut['task'];
}

function place({ holdOut, trainingJob }: ValidationProfile): Place {
  if (holdOut) {
    const { path, contentType, task } = holdOut;
    return { path, channel: undefined, contentType, task };
  }
  const channel = trainingJob?.channels[CHANNEL];
  if (!channel) {
    throw new Left(
      'there are no labelled rows to measure on: neither holdOut in the validation profile nor a channel named validation.',
    );
  }
  const { path, contentType = 'text/csv', compressionType = 'None', recordWrapperType = 'None' } = channel;
  if (compressionType !== 'None' || recordWrapperType !== 'None' || channel.attributeNames) {
    throw new Left(`the channel ${CHANNEL} is compressed or in records; only plain files are read here.`);
  }
  return { path, channel: CHANNEL, contentType, task: undefined };
}
