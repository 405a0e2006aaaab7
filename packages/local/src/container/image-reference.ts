/**
 * Names of images. A name becomes an argument of an engine's command, so what could be an option is none: a name begins with
 * a letter or a digit. Source: the grammar of the package "reference" of github.com/distribution.
 */
import { ArgumentError } from '../errors.js';

const NAME = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const HOST = String.raw`[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?`;
const REFERENCE = new RegExp(
  `^(?:${HOST}/)?${NAME}(?:/${NAME})*(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);
/** The longest that SageMaker takes is 255. */
const MAX_CHARS = 512;

/** Whether it is HOST:PORT/PATH:TAG@DIGEST, where all but the path may be left out. */
export function isImageReference(text: string): boolean {
  return text.length <= MAX_CHARS && REFERENCE.test(text);
}

/** @throws ArgumentError for what no engine takes as the name of an image */
export function checkImageReference(text: string): void {
  if (isImageReference(text)) return;
  throw new ArgumentError(
    `An image must be [HOST[:PORT]/]PATH[:TAG][@sha256:HEX] with a path in lower case; received "${text.slice(0, MAX_CHARS)}".`,
  );
}
