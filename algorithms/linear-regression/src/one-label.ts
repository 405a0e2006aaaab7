import { type Block, ClientError } from '@algo/contract';

/** @throws ClientError E_DATA_COLUMNS for rows of several labels */
export function requireOneLabel({ labelCount, source }: Block): void {
  if (labelCount === 1) return;
  throw new ClientError(
    'E_DATA_COLUMNS',
    `${source}: linear regression needs exactly 1 label column; received label_size ${labelCount}.`,
  );
}
