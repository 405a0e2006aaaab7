/**
 * `label_size` of a content type: how many of the first columns are labels, in the formats whose rows are plain columns.
 * Source: AWS guide, "Common Data Formats for Training".
 */
import { ClientError } from '../errors.js';
import { quoted } from '../visible.js';
import type { MediaType } from './media-type.js';

/** Labels per row when the content type does not say. */
const DEFAULT_LABEL_SIZE = 1;
const WHOLE_NUMBER = /^\d{1,6}$/;

/**
 * Label columns of a channel's rows.
 * @param contentType checked; see checkLabelSize
 */
export function labelSizeOf({ parameters }: MediaType): number {
  return Number(parameters.label_size ?? DEFAULT_LABEL_SIZE);
}

/**
 * @param owner as messages begin: `Channel "train"`
 * @throws ClientError E_CONTENT_TYPE unless `label_size` is absent or a whole number
 */
export function checkLabelSize({ parameters }: MediaType, owner: string): void {
  const { label_size: labelSize } = parameters;
  if (labelSize === undefined || WHOLE_NUMBER.test(labelSize)) return;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: label_size of the content type must be a whole number ≥ 0; received ${quoted(labelSize)}.`,
  );
}
