import { type Block, type Channel, ClientError, placeOfRow } from '@algo/contract';

/** @throws ClientError E_DATA_COLUMNS for rows of several labels, naming the place */
export function requireOneLabel(channel: Pick<Channel, 'name' | 'mode' | 'contentType'>, block: Block): void {
  if (block.labelCount === 1) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${placeOfRow(channel, block)}: rows must have 1 label column; received ${block.labelCount}. Check label_size of the content type, or in RecordIO and libsvm the labels of each row.`,
  );
}
