/**
 * Which columns a Parquet file has, and that each of them holds numbers: physical and logical types as the format's
 * specification names them (apache/parquet-format, LogicalTypes.md).
 */
import { ClientError } from '../../errors.js';
import { quoteValue } from '../place.js';
import type { PhysicalType } from './enumerations.js';
import type { Footer } from './footer.js';
import { indexColumns } from './pandas.js';
import type { SchemaElement } from './schema-element.js';

/** One column of numbers or texts. */
export interface ParquetColumn {
  readonly name: string;
  /** As messages name it, from 1: `column 3 "age"`. */
  readonly label: string;
  /** Which of the file's columns it is, from 0. */
  readonly position: number;
  readonly type: PhysicalType;
  /** Bytes of a value of FIXED_LEN_BYTE_ARRAY, else 0. */
  readonly byteLength: number;
  readonly isNullable: boolean;
  /** Whether it holds texts: UTF-8. */
  readonly isText: boolean;
  readonly isUnsigned: boolean;
  /** Whether it is of 16-bit floats. */
  readonly isHalf: boolean;
  /** Powers of ten that its whole numbers are to be divided by (DECIMAL); 0 for any other. */
  readonly scale: number;
}

/**
 * The columns in the order of the file, without those of a pandas index.
 * @param where as messages begin: `train/a.parquet`
 * @param acceptsText whether columns of text are read
 * @throws ClientError E_DATA_NUMBER for a column that is not of numbers, E_DATA_FORMAT for nested and for equal names
 */
export function readColumns(
  { schema, notes }: Pick<Footer, 'schema' | 'notes'>,
  where: string,
  acceptsText: boolean,
): ParquetColumn[] {
  const left = indexColumns(notes, where);
  const columns: ParquetColumn[] = [];
  const names = new Set<string>();
  for (const [position, element] of schema.slice(1).entries()) {
    const label = `column ${position + 1} ${quoteValue(element.name)}`;
    if (element.childCount > 0 || element.repetition === 'REPEATED') {
      throw new ClientError(
        'E_DATA_FORMAT',
        `${where} ${label}: expected one number per row; received a nested column. Write its parts as columns of their own.`,
      );
    }
    if (names.has(element.name)) {
      throw new ClientError(
        'E_DATA_FORMAT',
        `${where} column ${position + 1}: the name ${quoteValue(element.name)} is used twice; names must be unique.`,
      );
    }
    names.add(element.name);
    if (left.has(element.name)) continue;
    if (!isNumeric(element) && !(acceptsText && isText(element))) {
      throw new ClientError(
        'E_DATA_NUMBER',
        `${where} ${label}: expected numbers${acceptsText ? ', booleans or text' : ' or booleans'}; received ${describe(element)}. Encode or drop the column.`,
      );
    }
    columns.push(describeColumn(element, label, position));
  }
  return columns;
}

// --- internal ---

function describeColumn(element: SchemaElement, label: string, position: number): ParquetColumn {
  const { name, type, typeLength, convertedType, logicalType, repetition } = element;
  return {
    name,
    label,
    position,
    type: type!,
    byteLength: typeLength,
    isNullable: repetition !== 'REQUIRED',
    isText: isText(element),
    isUnsigned: logicalType?.name === 'INTEGER' ? !logicalType.isSigned : (convertedType?.startsWith('UINT') ?? false),
    isHalf: logicalType?.name === 'FLOAT16',
    // Writers of today may leave out what an older format version said twice.
    scale: isDecimal(element) ? (logicalType?.scale ?? element.scale) : 0,
  };
}

const NUMERIC_TYPES = ['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'];
const DECIMAL_TYPES = ['INT32', 'INT64', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'];
const NUMERIC_CONVERSIONS = ['INT_8', 'INT_16', 'INT_32', 'INT_64', 'UINT_8', 'UINT_16', 'UINT_32', 'UINT_64'];
const NUMERIC_LOGICAL_TYPES = ['INTEGER', 'NULL'];

function isNumeric(element: SchemaElement): boolean {
  const { type, convertedType, logicalType } = element;
  if (type === undefined) return false;
  if (isDecimal(element)) return DECIMAL_TYPES.includes(type);
  if (logicalType?.name === 'FLOAT16') return type === 'FIXED_LEN_BYTE_ARRAY' && element.typeLength === 2;
  if (!NUMERIC_TYPES.includes(type)) return false;
  if (logicalType) return NUMERIC_LOGICAL_TYPES.includes(logicalType.name);
  return convertedType === undefined || NUMERIC_CONVERSIONS.includes(convertedType);
}

/** Strings, and the values of an enumeration: what pandas writes for `str` and `category`. */
function isText({ type, convertedType, logicalType }: SchemaElement): boolean {
  if (type !== 'BYTE_ARRAY') return false;
  return logicalType
    ? logicalType.name === 'STRING' || logicalType.name === 'ENUM'
    : convertedType === 'UTF8' || convertedType === 'ENUM';
}

function isDecimal({ logicalType, convertedType }: SchemaElement): boolean {
  return logicalType ? logicalType.name === 'DECIMAL' : convertedType === 'DECIMAL';
}

function describe({ type, convertedType, logicalType }: SchemaElement): string {
  return [type, logicalType?.name ?? convertedType].filter(Boolean).join(' ');
}
