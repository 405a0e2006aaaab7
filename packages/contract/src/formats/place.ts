/** How messages about data name a place in it and show a value, alike in every format. */
import { quoted } from '../visible.js';

/** `train/part-2.csv line 118`, `request row 3`: a label, then a number of this unit. */
export interface Place {
  readonly label: string;
  readonly unit: 'line' | 'row' | 'record';
}

/** A longer value is cut in messages. */
const SHOWN_CHARS = 40;

/** `text` as a JSON string of at most 40 characters. */
export function quoteValue(text: string): string {
  return quoted(text, SHOWN_CHARS);
}
