/** Messages that can be ended from outside, though more would come: of a caller whose conversation the container ends. */
import type { WireMessage } from '../../conversation/wire-message.js';
import type { Parts } from '../part-flow.js';

/** @param onTaken called for each message that is given on */
export function endable(
  parts: Parts<WireMessage>,
  onTaken: () => void,
): { readonly parts: Parts<WireMessage>; end(): void } {
  let isEnded = false;
  return {
    parts: {
      async next() {
        const given = isEnded ? undefined : await parts.next();
        if (!given || given.done) return { value: undefined, done: true };
        onTaken();
        return given;
      },
      return: () => parts.return(),
    },
    end() {
      isEnded = true;
      parts.return().catch(() => {}); // what waits in `next` need not wait any longer
    },
  };
}
