/** Where a row of a block is in the data, for messages about it. */
import type { Rows } from '../formats/block.js';
import { CHANNEL_FORMATS, formatOf } from '../formats/formats.js';
import type { Channel } from './channel.js';

/**
 * As messages begin: `train/a.csv line 7`, `train/b.parquet row 7`, `train_0 line 7` in Pipe mode; `train/cats/a.png` for a file
 * that the algorithm reads itself.
 * @param row of the block, from 0
 */
export function placeOfRow(
  { name, mode, contentType }: Pick<Channel, 'name' | 'mode' | 'contentType'>,
  { source, firstLine }: Pick<Rows, 'source' | 'firstLine'>,
  row = 0,
): string {
  const format = formatOf(contentType.type, CHANNEL_FORMATS);
  // A file that the algorithm reads itself, such as an image, is a row, and its label the source.
  if (!format) return source;
  const label = mode === 'Pipe' ? source : `${name}/${source}`;
  return `${label} ${format.channel.unit} ${firstLine + row}`;
}
