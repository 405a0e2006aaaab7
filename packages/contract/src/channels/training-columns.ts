/**
 * What the other channels and the model take over from the training channel: the names of its columns, and the names of
 * the categories in its columns of text. Both are found before the first block of any channel is given, and are those of all
 * hosts that have a part of the rows.
 */
import { ClientError } from '../errors.js';
import type { BlockOptions, ValuePolicy } from '../formats/block.js';
import type { Categories } from '../formats/categories/categories.js';
import { finishSurvey } from '../formats/categories/finish-survey.js';
import { createSurvey } from '../formats/categories/survey.js';
import type { NamedColumns } from '../formats/column-names.js';
import type { MediaType } from '../formats/media-type.js';
import type { ChannelReader, Sources } from '../formats/reader.js';
import { type StopSignal, stopNameOf } from '../training/stop.js';
import { quoted } from '../visible.js';
import type { Channel } from './channel.js';
import { withRows } from './passes.js';
import { placeOfRow } from './row-place.js';
import type { ChannelHosts, JobHosts } from './sharing.js';

/** The rows of the training channel, apart from its own passes. */
export interface TrainingSources {
  readonly name: string;
  readonly mode: Channel['mode'];
  readonly contentType: MediaType;
  readonly reader: ChannelReader;
  /** Whether there may be no rows. */
  readonly isShard: boolean;
  readonly hosts: ChannelHosts;
  /** To look at their start. */
  look(): Sources;
  /** For a pass over all rows. */
  take(): Sources;
}

export interface TrainingColumnsOptions {
  readonly policy: ValuePolicy;
  readonly stop: StopSignal;
  /** Called with the names of features that another host has found. */
  onFeatureNames?(names: readonly string[]): void;
  /** Called with the categories of all hosts. */
  onCategories?(categories: Categories): void;
}

export class TrainingColumns {
  readonly #options: TrainingColumnsOptions;
  readonly #hosts: JobHosts;
  #sources: TrainingSources | undefined;
  #names: Promise<NamedColumns | undefined> | undefined;
  #categories: Promise<Categories | undefined> | undefined;

  constructor(options: TrainingColumnsOptions, hosts: JobHosts) {
    this.#options = options;
    this.#hosts = hosts;
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
    this.#names ??= this.#isShared ? this.#agreeOnNames(wishes) : this.#lookForNames(wishes);
    return this.#names;
  }

  /**
   * The same for rows of which other hosts have a part, too: the names that the first of them has found, which hold for the
   * rows of the training channel itself; undefined where this host has all rows. All hosts ask for them alike.
   */
  async namesOfHosts(wishes: BlockOptions): Promise<NamedColumns | undefined> {
    return this.#isShared ? this.names(wishes) : undefined;
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

  /** Whether hosts have different parts of the rows, or none. */
  get #isShared(): boolean {
    return this.#sources?.hosts.isDivided ?? false;
  }

  async #agreeOnNames(wishes: BlockOptions): Promise<NamedColumns | undefined> {
    const { reader, contentType } = this.#sources!;
    if (!reader.hasNames(contentType)) return undefined;
    const all = this.#hosts.communicator.gatherValues(await this.#lookForNames(wishes));
    const rank = all.findIndex((names) => names !== undefined);
    const names = all[rank];
    if (!names) return undefined;
    this.#options.onFeatureNames?.(names.features);
    return { ...names, from: `${names.from} of host ${this.#hosts.names[rank]}` };
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
    const names = await this.namesOfHosts(wishes);
    const settings = { ...wishes, contentType: contentType!, policy, ...(names && { columns: () => names }) };
    const declared = declaredColumns(contentType!);
    const { hasText, read } = await reader.load();
    const hasSeen = declared.length > 0 || (await hasText?.(look!(), settings)) === true;
    const { communicator } = this.#hosts;
    if (!(this.#isShared ? communicator.any(hasSeen) : hasSeen)) return undefined;
    const owner = `Channel "${name}"`;
    const survey = createSurvey(declared, owner);
    const blocks = read(take!(), { ...settings, texts: survey });
    let rows = 0;
    let from: string | undefined;
    for await (const block of withRows(blocks, stop, isShard ? undefined : `${owner} has no rows.`)) {
      from ??= placeOfRow(this.#sources!, block);
      rows += block.rows;
      if (!stop.requested) continue;
      throw new ClientError(
        'E_STOPPED',
        `The job was stopped (${stopNameOf(stop)}) after ${rows} rows of channel "${name}" were looked through for categories, before training began. Give it more time, or less data.`,
      );
    }
    if (!this.#isShared) return survey.finish();
    const parts = communicator
      .gatherValues({ from, columns: survey.columns() })
      .map((part, rank) => ({ host: this.#hosts.names[rank]!, ...part }))
      .filter(({ columns }) => columns.length > 0);
    const categories = finishSurvey(parts, { declared, owner });
    if (categories) this.#options.onCategories?.(categories);
    return categories;
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
