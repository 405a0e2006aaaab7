/** The media types that an algorithm on rows usually declares, the default first. What a product declares it must show samples of. */

/** Formats of rows in a training channel. */
export const TRAINING_TYPES = [
  'text/csv',
  'text/libsvm',
  'text/x-libsvm',
  'application/x-parquet',
  'application/x-recordio-protobuf',
  'application/x-npy',
  'application/jsonlines',
  'application/json',
] as const;

/** What a channel with the model of an earlier job may be declared as: its archive, or its files. */
export const MODEL_TYPES = [
  'application/x-sagemaker-model',
  'application/x-tar',
  'application/gzip',
  'application/octet-stream',
] as const;

/** Formats of rows in a request. */
export const REQUEST_TYPES = [
  'text/csv',
  'application/json',
  'application/jsonlines',
  'text/libsvm',
  'application/x-parquet',
  'application/x-recordio-protobuf',
  'application/x-npy',
] as const;

/** Formats of rows in an answer. */
export const ANSWER_TYPES = [
  'text/csv',
  'application/json',
  'application/jsonlines',
  'application/x-recordio-protobuf',
  'application/x-npy',
] as const;
