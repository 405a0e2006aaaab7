/**
 * What the other channels and the model take over from the training channel: the names of its columns, and the names of
 * the categories in its columns of text. Both are found before the first block of any channel is given.
 */
import { ClientError } from '../errors.js';
import type { BlockOptions, ValuePolicy } from '../formats/block.js';
import type { Categories } from '../formats/categories/categories.js';
import { createSurvey } from '../formats/categories/survey.js';
import type { NamedColumns } from '../formats/column-names.js';
import type { MediaType } from '../formats/media-type.js';
import type { ChannelReader, Sources } from '../formats/reader.js';
import { type StopSignal, stopNameOf } from '../training/stop.js';
import { quoted } from '../visible.js';
import { withRows } from './passes.js';

/** The rows of the training channel, apart from its own passes. */
export interface TrainingSources {
  readonly name: string;
  readonly contentType: MediaType;
  readonly reader: ChannelReader;
  /** Whether there may be no rows. */
  readonly isShard: boolean;
  /** To look at their start. */
  look(): Sources;
  /** For a pass over all rows. */
  take(): Sources;
}

export interface TrainingColumnsOptions {
  readonly policy: ValuePolicy;
  readonly stop: StopSignal;
}

export class TrainingColumns {
  readonly #options: TrainingColumnsOptions;
  #sources: TrainingSources | undefined;
  #names: Promise<NamedColumns | undefined> | undefined;
  #categories: Promise<Categories | undefined> | undefined;

  constructor(options: TrainingColumnsOptions) {
    this.#options = options;
  }

  /** @throws ClientError E_CONTENT_TYPE for text columns that cannot be */
  open(sources: TrainingSources): void {
    const { name, contentType, reader } = sources;
    if (declaredColumns(contentType).length > 0) {
      const owner = `Channel "${name}"`;
      if (!reader.hasText) throw withoutText(owner, contentType, 'text_columns');
      if (this.#options.policy.text !== 'accept') {
        throw new ClientError(
          'E_CONTENT_TYPE',
          `${owner}: the content type must not have text_columns: the algorithm takes numbers only.`,
        );
      }
    }
    this.#sources = sources;
  }

  /** Undefined where the columns have no names, or there is no such channel. */
  async names(wishes: BlockOptions): Promise<NamedColumns | undefined> {
    this.#names ??= this.#lookForNames(wishes);
    return this.#names;
  }

  /**
   * The categories of all columns; undefined where none holds text.
   * @throws ClientError E_DATA_CATEGORY naming the place, E_STOPPED, and what a pass over the rows throws
   */
  async categories(wishes: BlockOptions): Promise<Categories | undefined> {
    if (wishes.categories !== undefined) return wishes.categories === 'none' ? undefined : wishes.categories;
    this.#categories ??= this.#find(wishes);
    return this.#categories;
  }

  async #lookForNames(wishes: BlockOptions): Promise<NamedColumns | undefined> {
    if (!this.#sources) return undefined;
    const { reader, contentType, look } = this.#sources;
    if (!reader.hasNames(contentType)) return undefined;
    const { columnsOf } = await reader.load();
    if (!columnsOf) return undefined;
    const settings = { ...wishes, contentType, policy: this.#options.policy };
    // Files without rows, and those without a header line under header=auto, may come first.
    for await (const source of look()) {
      const names = await columnsOf(source, settings);
      if (names) return names;
    }
    return undefined;
  }

  async #find(wishes: BlockOptions): Promise<Categories | undefined> {
    const { policy, stop } = this.#options;
    const { name, contentType, reader, isShard, look, take } = this.#sources ?? {};
    if (!name || !reader?.hasText || policy.text !== 'accept') return undefined;
    const settings = { ...wishes, contentType: contentType!, policy };
    const declared = declaredColumns(contentType!);
    const { hasText, read } = await reader.load();
    if (declared.length === 0 && !(await hasText?.(look!(), settings))) return undefined;
    const survey = createSurvey(declared, `Channel "${name}"`);
    const blocks = read(take!(), { ...settings, texts: survey });
    let rows = 0;
    for await (const block of withRows(blocks, stop, isShard ? undefined : `Channel "${name}" has no rows.`)) {
      rows += block.rows;
      if (!stop.requested) continue;
      throw new ClientError(
        'E_STOPPED',
        `The job was stopped (${stopNameOf(stop)}) after ${rows} rows of channel "${name}" were looked through for categories, before training began. Give it more time, or less data.`,
      );
    }
    return survey.finish();
  }
}

/** @throws ClientError E_CONTENT_TYPE for rows of numbers where the training data has text */
export function requireText(
  owner: string,
  contentType: MediaType,
  reader: ChannelReader,
  categories: Categories | undefined,
): void {
  if (!categories || reader.hasText) return;
  throw withoutText(owner, contentType, 'the text columns of the training data');
}

// --- internal ---

/** `text_columns` of a content type: names, or numbers from 1, between commas. */
function declaredColumns({ parameters }: MediaType): readonly string[] {
  const parts = parameters.text_columns?.split(',') ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

function withoutText(owner: string, { type }: MediaType, what: string): ClientError {
  return new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: the content type must be text/csv, application/jsonlines, application/json or application/x-parquet with ${what}; received ${quoted(type)}, which holds numbers only.`,
  );
}
