/** Values that may be promises: what is there already is used immediately, since a turn of the queue costs as much as a row. */

/** `next` of the value, immediately where it is no promise. */
export function onValue<T, R>(value: T | Promise<T>, next: (value: T) => R | Promise<R>): R | Promise<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
