/** Parameters of `text/csv`: `label_size`, `label` and `header`. */
import { ClientError } from '../../errors.js';
import { quoted } from '../../visible.js';
import { checkLabelSize } from '../label-size.js';
import type { MediaType } from '../media-type.js';

export type HeaderMode = 'absent' | 'present' | 'auto';

const MODES = ['absent', 'present', 'auto'] as const;

/** @throws ClientError E_CONTENT_TYPE for another value; @param owner as messages begin: `Channel "train"` */
export function headerModeOf({ parameters }: Pick<MediaType, 'parameters'>, owner: string): HeaderMode {
  const text = parameters.header ?? 'absent';
  const mode = MODES.find((known) => known === text.toLowerCase());
  if (mode) return mode;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: header of the content type must be absent, present or auto; received ${quoted(text)}.`,
  );
}

/**
 * @param owner as messages begin: `Channel "train"`
 * @throws ClientError E_CONTENT_TYPE for parameters that cannot be followed
 */
export function checkCsvType(contentType: MediaType, owner: string): void {
  checkLabelSize(contentType, owner);
  const mode = headerModeOf(contentType, owner);
  const { label } = contentType.parameters;
  if (mode !== 'absent' || label === undefined) return;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `${owner}: with label=NAME, header of the content type must be present or auto; received label=${quoted(label)} without it.`,
  );
}
