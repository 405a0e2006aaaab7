/** Keys of a definition that nothing reads, each with the known one that was most likely meant. */
import { nearest } from '../hyperparameters/nearest.js';
import { quoted } from '../visible.js';

export interface KeyOptions {
  /** Behind the key in the sentence: ` in .meta()`. */
  readonly within?: string;
  /** Whether others may read a key that is not close to a known one. */
  readonly hasOthers?: boolean;
}

/** A sentence for each key of `part` that is not known. @param place how sentences begin: `outputs["score"]` */
export function unknownKeyProblems(
  place: string,
  part: object,
  known: readonly string[],
  { within = '', hasOthers = false }: KeyOptions = {},
): string[] {
  return Object.keys(part).flatMap((key) => {
    if (known.includes(key)) return [];
    const meant = nearest(key, known);
    if (meant === undefined && hasOthers) return [];
    const rest = meant === undefined ? `; known are ${known.join(', ')}.` : `; did you mean "${meant}"?`;
    return [`${place}: unknown key ${quoted(key)}${within}${rest}`];
  });
}
