/**
 * An element of a Parquet file's schema: a column, or a group of columns.
 * Source: apache/parquet-format, parquet.thrift (SchemaElement, LogicalType).
 */
import { convertedTypeName, type PhysicalType, typeName } from './enumerations.js';
import type { ThriftReader } from './thrift.js';

/** What a column's values mean beyond their physical type. */
export interface LogicalType {
  readonly name: string;
  /** Of DECIMAL. */
  readonly scale?: number;
  /** Of INTEGER. */
  readonly isSigned?: boolean;
}

export interface SchemaElement {
  readonly name: string;
  readonly type: PhysicalType | undefined;
  readonly typeLength: number;
  readonly repetition: 'REQUIRED' | 'OPTIONAL' | 'REPEATED';
  readonly childCount: number;
  readonly convertedType: string | undefined;
  readonly scale: number;
  readonly logicalType: LogicalType | undefined;
}

/** @throws Error for a number that is out of its range */
export function readElement(reader: ThriftReader): SchemaElement {
  const element = {
    name: '',
    type: undefined as PhysicalType | undefined,
    typeLength: 0,
    repetition: 'REQUIRED' as SchemaElement['repetition'],
    childCount: 0,
    convertedType: undefined as string | undefined,
    scale: 0,
    logicalType: undefined as LogicalType | undefined,
  };
  reader.struct({
    1: () => {
      element.type = typeName(reader.i32('type'));
    },
    2: () => {
      element.typeLength = reader.i32('type_length', 0);
    },
    3: () => {
      element.repetition = REPETITIONS[reader.i32('repetition_type', 0, 2)]!;
    },
    4: () => {
      element.name = reader.text('name');
    },
    5: () => {
      element.childCount = reader.i32('num_children', 0);
    },
    6: () => {
      element.convertedType = convertedTypeName(reader.i32('converted_type'));
    },
    7: () => {
      element.scale = reader.i32('scale', 0, MAX_SCALE);
    },
    10: () => {
      element.logicalType = readLogicalType(reader);
    },
  });
  return element;
}

// --- internal ---

const REPETITIONS = ['REQUIRED', 'OPTIONAL', 'REPEATED'] as const;
/** Digits of a decimal of 256 bits, the widest that anybody writes. */
const MAX_SCALE = 76;

/** By field id of the union LogicalType. */
const LOGICAL_TYPES: Readonly<Record<number, string>> = {
  1: 'STRING',
  2: 'MAP',
  3: 'LIST',
  4: 'ENUM',
  5: 'DECIMAL',
  6: 'DATE',
  7: 'TIME',
  8: 'TIMESTAMP',
  10: 'INTEGER',
  11: 'NULL',
  12: 'JSON',
  13: 'BSON',
  14: 'UUID',
  15: 'FLOAT16',
  16: 'VARIANT',
  17: 'GEOMETRY',
  18: 'GEOGRAPHY',
};

function readLogicalType(reader: ThriftReader): LogicalType {
  let type: LogicalType = { name: 'an unknown type' };
  const plain = (name: string) => () => {
    reader.struct({});
    type = { name };
  };
  const fields = Object.fromEntries(Object.entries(LOGICAL_TYPES).map(([id, name]) => [id, plain(name)]));
  reader.struct({
    ...fields,
    5: () => {
      let scale = 0;
      reader.struct({
        1: () => {
          scale = reader.i32('scale', 0, MAX_SCALE);
        },
      });
      type = { name: 'DECIMAL', scale };
    },
    10: () => {
      let isSigned = true;
      reader.struct({
        2: () => {
          isSigned = reader.flag('isSigned');
        },
      });
      type = { name: 'INTEGER', isSigned };
    },
  });
  return type;
}
