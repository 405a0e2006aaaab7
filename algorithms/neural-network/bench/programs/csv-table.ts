/** A table of the sample data: a header line, then the label first in each row. */
import { readFileSync } from 'node:fs';

/** Its rows as text, without the header. */
export function readTable(path: string): readonly string[] {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(1);
}
