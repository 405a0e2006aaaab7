/** Numbers of the format by their names. Source: apache/parquet-format, parquet.thrift (enums). */

const TYPES = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'] as const;
export type PhysicalType = (typeof TYPES)[number];

const CONVERTED_TYPES = [
  'UTF8',
  'MAP',
  'MAP_KEY_VALUE',
  'LIST',
  'ENUM',
  'DECIMAL',
  'DATE',
  'TIME_MILLIS',
  'TIME_MICROS',
  'TIMESTAMP_MILLIS',
  'TIMESTAMP_MICROS',
  'UINT_8',
  'UINT_16',
  'UINT_32',
  'UINT_64',
  'INT_8',
  'INT_16',
  'INT_32',
  'INT_64',
  'JSON',
  'BSON',
  'INTERVAL',
];

const ENCODINGS = [
  'PLAIN',
  'GROUP_VAR_INT',
  'PLAIN_DICTIONARY',
  'RLE',
  'BIT_PACKED',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'RLE_DICTIONARY',
  'BYTE_STREAM_SPLIT',
];

const CODECS = ['UNCOMPRESSED', 'SNAPPY', 'GZIP', 'LZO', 'BROTLI', 'LZ4', 'ZSTD', 'LZ4_RAW'];

/** @throws Error for a number that the format has not */
export function typeName(number: number): PhysicalType {
  const name = TYPES[number];
  if (name) return name;
  throw new Error(`there is no type ${number}`);
}

/**
 * Names of numbers that a newer version of the format may have: an unknown one is an error when it is used, not when it
 * is read.
 */
export const convertedTypeName = (number: number) => CONVERTED_TYPES[number] ?? `converted type ${number}`;
export const encodingName = (number: number) => ENCODINGS[number] ?? `number ${number}`;
export const codecName = (number: number) => CODECS[number] ?? `number ${number}`;
