/**
 * Which columns a Parquet file has, and that each of them holds numbers: physical and logical types as the format's
 * specification names them (apache/parquet-format, LogicalTypes.md).
 */
import type { FileMetaData, ParquetType, SchemaElement } from 'hyparquet';
import { ClientError } from '../../errors.js';
import { quoteValue } from '../csv/fields.js';

/** One column of numbers. */
export interface ParquetColumn {
  readonly name: string;
  /** As messages name it, from 1: `column 3 "age"`. */
  readonly label: string;
  readonly type: ParquetType;
  /** Bytes of a value of FIXED_LEN_BYTE_ARRAY, else 0. */
  readonly byteLength: number;
  readonly isNullable: boolean;
  readonly isUnsigned: boolean;
  /** Whether it is of 16-bit floats. */
  readonly isHalf: boolean;
  /** Powers of ten that its whole numbers are to be divided by (DECIMAL); 0 for any other. */
  readonly scale: number;
}

/**
 * The columns in the order of the file.
 * @param where as messages begin: `train/a.parquet`
 * @throws ClientError E_DATA_NUMBER for a column that is not of numbers, E_DATA_FORMAT for nested and for equal names
 */
export function readColumns({ schema }: FileMetaData, where: string): ParquetColumn[] {
  const columns: ParquetColumn[] = [];
  const names = new Set<string>();
  for (const element of schema.slice(1)) {
    const label = `column ${columns.length + 1} ${quoteValue(element.name)}`;
    if (element.num_children || element.repetition_type === 'REPEATED') {
      throw new ClientError(
        'E_DATA_FORMAT',
        `${where} ${label}: expected one number a row; received a nested column. Write its parts as columns of their own.`,
      );
    }
    if (!isNumeric(element)) {
      throw new ClientError(
        'E_DATA_NUMBER',
        `${where} ${label}: expected numbers or booleans; received ${describe(element)}. Encode or drop the column.`,
      );
    }
    if (names.has(element.name)) {
      throw new ClientError('E_DATA_FORMAT', `${where} ${label}: expected a name of its own; received it twice.`);
    }
    names.add(element.name);
    columns.push(describeColumn(element, label));
  }
  return columns;
}

// --- internal ---

function describeColumn(element: SchemaElement, label: string): ParquetColumn {
  const { name, type, type_length: byteLength = 0, converted_type: converted, logical_type: logical } = element;
  return {
    name,
    label,
    type: type!,
    byteLength,
    isNullable: element.repetition_type !== 'REQUIRED',
    isUnsigned: logical?.type === 'INTEGER' ? !logical.isSigned : (converted?.startsWith('UINT') ?? false),
    isHalf: logical?.type === 'FLOAT16',
    scale: isDecimal(element) ? (element.scale ?? 0) : 0,
  };
}

const NUMERIC_TYPES = ['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'];
const DECIMAL_TYPES = ['INT32', 'INT64', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'];
const NUMERIC_CONVERSIONS = ['INT_8', 'INT_16', 'INT_32', 'INT_64', 'UINT_8', 'UINT_16', 'UINT_32', 'UINT_64'];
const NUMERIC_LOGICAL_TYPES = ['INTEGER', 'NULL'];

function isNumeric(element: SchemaElement): boolean {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (type === undefined) return false;
  if (isDecimal(element)) return DECIMAL_TYPES.includes(type);
  if (logical?.type === 'FLOAT16') return type === 'FIXED_LEN_BYTE_ARRAY' && element.type_length === 2;
  if (!NUMERIC_TYPES.includes(type)) return false;
  if (logical) return NUMERIC_LOGICAL_TYPES.includes(logical.type);
  return converted === undefined || NUMERIC_CONVERSIONS.includes(converted);
}

function isDecimal(element: SchemaElement): boolean {
  return element.logical_type?.type === 'DECIMAL' || element.converted_type === 'DECIMAL';
}

function describe({ type, converted_type: converted, logical_type: logical }: SchemaElement): string {
  const meaning = logical?.type ?? converted;
  return [type, meaning].filter(Boolean).join(' ');
}
