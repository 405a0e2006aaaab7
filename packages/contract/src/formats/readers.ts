/**
 * The reader of each content type that a channel may have: a new data format is one line here and a folder beside.
 */
import { csvReader } from './csv/reader.js';
import { libsvmReader } from './libsvm/reader.js';
import { parquetReader } from './parquet/reader.js';
import type { BlockReader } from './reader.js';
import { recordioReader } from './recordio/reader.js';

/** By media type, without parameters. */
export const READERS: Readonly<Record<string, BlockReader>> = {
  'text/csv': csvReader,
  'application/x-parquet': parquetReader,
  'application/x-recordio-protobuf': recordioReader,
  'text/libsvm': libsvmReader,
  'text/x-libsvm': libsvmReader,
};
