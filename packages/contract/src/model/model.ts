/** A model as it goes into and comes out of a model directory, and what an algorithm makes of one that it did not write. */
import type { z } from 'zod';
import type { Categories, UnseenCategories } from '../formats/categories/categories.js';

/** The rows that a model takes. */
export interface ModelInput {
  /** Feature columns that `predict` will get; left out by an algorithm that reads no rows in requests. */
  readonly featureCount?: number;
  readonly featureNames?: readonly string[];
  /** [featureCount] finite values that the start-up self-test predicts; default: zeros. */
  readonly exampleRow?: readonly number[];
  /**
   * The index that the first column had in training data of libsvm (`index_base` of its content type, default 0): what
   * libsvm requests that do not say get, so that a model never sees its columns shifted.
   */
  readonly libsvmIndexBase?: 0 | 1;
  /** The names behind the codes of text columns; default: those of the training channel. */
  readonly categories?: Categories;
  /** What a category becomes in requests that is not among them; default 'error'. */
  readonly unseenCategories?: UnseenCategories;
}

/** What a file of a model is made of: text, bytes, a file that is copied, or a stream of bytes. */
export type ModelContent = string | Uint8Array | { readonly path: string } | AsyncIterable<Uint8Array>;

/** The model as an algorithm hands it over. */
export interface ModelFiles extends ModelInput {
  /** Content by path relative to the model directory, `/` between folders. */
  readonly files: Readonly<Record<string, ModelContent>>;
}

/** A folder of files that `load` reads, in JavaScript or by path in a native runtime. */
export interface ModelFolder {
  /** Where the files are, for native runtimes that take a folder. */
  readonly directory: string;
  /** The files' paths below the directory, `/` between folders, sorted. */
  readonly names: readonly string[];
  /** Where a file is, once it is checked as `read` checks it. @throws ClientError E_MODEL as `read` does */
  path(name: string): string;
  /** Content of a file of up to 2 GiB. @throws ClientError E_MODEL when there is no such file, or it was changed since it was saved */
  read(name: string): Buffer;
  /** The file parsed as JSON and checked. @throws ClientError E_MODEL naming the file and what is wrong in it */
  readJson<T>(name: string, schema: z.ZodType<T>): T;
}

/** The model as `load` gets it: what was saved, or the files of a model package as they are. */
export interface ModelArtifact extends ModelFolder {
  /** The rows it takes, where it was saved with them, or adopted. */
  readonly input: ModelInput;
  /** The names behind the codes of text columns; undefined where the training data had none. */
  readonly categories?: Categories | undefined;
}

/** A model directory without a manifest: what another program left. */
export interface ImportedModel {
  /** Names of the files at the top of the directory, sorted; hidden ones are left out. */
  readonly names: readonly string[];
  /** Where the archive has this directory, such as `model/`; empty for its top. */
  readonly folder: string;
  /** @throws ClientError E_MODEL when it cannot be read */
  read(name: string): Buffer;
  /** Up to `bytes` from its start. @throws ClientError E_MODEL when it cannot be read */
  readStart(name: string, bytes: number): Buffer;
}

/** What an algorithm finds such a directory to be. */
export interface AdoptedModel extends ModelInput {
  /** The files that `load` may read. */
  readonly files: readonly string[];
}
