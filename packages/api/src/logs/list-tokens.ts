/** Tokens of lists: the place of the last item that was shown, so that what is deleted meanwhile neither doubles nor hides one. */
import { ServiceError } from '../service-error.js';

type Place = readonly (string | number)[];

/** @param list what the list is of and its order: a token is good for that one */
export function writePlace(list: string, place: Place): string {
  return Buffer.from(JSON.stringify([list, ...place])).toString('base64url');
}

/**
 * @param start a place of that list, which shows what each part must be
 * @throws ServiceError InvalidParameterException
 */
export function readPlace<P extends Place>(list: string, token: string, start: P): P {
  try {
    const [of, ...place] = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown[];
    const isPlace = start.every((part, i) => typeof place[i] === typeof part);
    if (of === list && isPlace) return place as unknown as P;
  } catch {
    // no token of ours: the error below says so
  }
  throw new ServiceError('InvalidParameterException', `The specified nextToken is invalid: "${token}".`);
}
