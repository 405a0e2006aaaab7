/**
 * Checks for a stop during long work: every long loop calls `look` between slices, and `look` throws once the job is
 * asked to stop. An unfinished fit is useless, so nothing is lost.
 */
import { type StopSignal, stoppedBefore } from '@algo/contract';

/** @param operations multiplications since the last look, so that tests can bound them */
export type Look = (operations: number) => void;

/** For work that nobody stops. */
export const lookAway: Look = () => {};

/**
 * @param doing how the message continues after "The job was stopped while"
 * @throws ClientError E_STOPPED from the look that sees the stop
 */
export function createLook(stop: Pick<StopSignal, 'requested'>, doing: string): Look {
  return () => {
    if (stop.requested) throw stoppedBefore(`while ${doing}`, 'there was a model');
  };
}
