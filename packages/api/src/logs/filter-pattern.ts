/**
 * Filter patterns for text: words and "phrases" that an event has, `-` before one that it must not have, `?` before those of
 * which it has one. Source: Amazon CloudWatch Logs User Guide, "Filter pattern syntax".
 */
import { ServiceError } from '../service-error.js';

/** @throws ServiceError InvalidParameterException for patterns of JSON and of columns, which are not there */
export function compileFilter(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) {
    const message = `filterPattern must have words and "phrases" only on this machine; received '${pattern}'.`;
    throw new ServiceError('InvalidParameterException', message);
  }
  const terms = [...text.matchAll(/([-?]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    text: phrase?.replace(/\\(.)/g, '$1') ?? word!,
  }));
  const [all, none, some] = ['', '-', '?'].map((sign) =>
    terms.filter((term) => term.sign === sign).map((term) => term.text),
  );
  return (message) =>
    all!.every((term) => message.includes(term)) &&
    !none!.some((term) => message.includes(term)) &&
    (some!.length === 0 || all!.length > 0 || some!.some((term) => message.includes(term)));
}
