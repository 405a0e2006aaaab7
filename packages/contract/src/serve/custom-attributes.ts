/** X-Amzn-SageMaker-Custom-Attributes of an answer: visible ASCII, at most 1024 characters (API InvokeEndpoint). */
import { AlgorithmError } from '../errors.js';
import { shorten } from './message.js';

const MAX_ATTRIBUTE_CHARS = 1024;

function isAttributeText(value: string): boolean {
  return value.length <= MAX_ATTRIBUTE_CHARS && /^[\x20-\x7e]*$/.test(value);
}

/** @throws AlgorithmError for what `predict` sets and no header can have */
export function checkAttributes(value: string): void {
  if (isAttributeText(value)) return;
  const shown = JSON.stringify(shorten(value));
  throw new AlgorithmError(
    'E_ALGORITHM',
    `setCustomAttributes: expected at most ${MAX_ATTRIBUTE_CHARS} visible ASCII characters; received ${value.length}: ${shown}.`,
  );
}
