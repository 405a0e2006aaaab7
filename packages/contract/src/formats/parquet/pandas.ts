/**
 * The metadata that pandas writes with a table: which columns are its index. They number or name the rows and are no
 * features; pyarrow's `to_pandas` leaves them out of the columns as well, and with it SageMaker's XGBoost container.
 * Source: pandas, developer guide, "Storing pandas DataFrame objects in Apache Parquet format".
 */
import { ClientError } from '../../errors.js';

const KEY = 'pandas';

/**
 * Names of the columns that hold the index; a range, which pandas only describes, has none.
 * @throws ClientError E_DATA_FORMAT when the description is not JSON
 */
export function indexColumns(notes: ReadonlyMap<string, string>, where: string): ReadonlySet<string> {
  const text = notes.get(KEY);
  if (text === undefined) return new Set();
  let description: unknown;
  try {
    description = JSON.parse(text);
  } catch (error) {
    throw new ClientError(
      'E_DATA_FORMAT',
      `${where} footer: the description by pandas must be JSON; it is damaged. Write the file again.`,
      { cause: error },
    );
  }
  if (typeof description !== 'object' || description === null || !('index_columns' in description)) return new Set();
  const { index_columns: columns } = description;
  return new Set(Array.isArray(columns) ? columns.filter((column) => typeof column === 'string') : []);
}
