/** Places in a part of a body as places in all of it, for errors and the log. */
import { ClientError } from '../../errors.js';
import type { InvocationRequest } from '../message.js';

/** `error` with its record, and its byte, counted from the beginning of the body. */
export function placedBehind(error: unknown, { records, bytes }: NonNullable<InvocationRequest['part']>): unknown {
  if (!(error instanceof ClientError)) return error;
  const message = error.message
    .replace(
      /^(request (?:row|line|record) )(\d+)/,
      (_, place: string, number: string) => place + (Number(number) + records),
    )
    .replace(/^(request record \d+ at byte )(\d+)/, (_, place: string, byte: string) => place + (Number(byte) + bytes));
  return new ClientError(error.code, message, { cause: error });
}
