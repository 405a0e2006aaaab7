/** The names that the service takes, in plain words: a form refuses others before it asks. */
import { infoOf, type Kind } from './kinds.js';

/** Of the models and endpoints of SageMaker, too. */
const MAX_CHARS = 63;
/** A tuning job's training jobs have its name with more at the end. */
const MAX_TUNING_CHARS = 32;

/** What is wrong with the name of a new resource; undefined for nothing, and for none: a field says that it is required. */
export function nameProblem(kind: Kind, name: string): string | undefined {
  const maxChars = kind === 'hyper-parameter-tuning-job' ? MAX_TUNING_CHARS : MAX_CHARS;
  if (name === '' || (/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(name) && name.length <= maxChars)) return undefined;
  const rule = `letters, digits and hyphens, up to ${maxChars}, with a letter or digit first and last`;
  const { one } = infoOf(kind);
  return `The name of ${/^[aeiou]/.test(one) ? 'an' : 'a'} ${one} must be ${rule}; received "${name}".`;
}
