/** What the keeper of a network writes: that it is ready, and what the containers of its network try to reach. */
import { z } from 'zod';

const messageSchema = z.union([
  z.object({ ready: z.string() }),
  z.object({ lookup: z.string() }),
  z.object({ connections: z.number() }),
]);

export type KeeperMessage = z.output<typeof messageSchema>;

/** Undefined for any other line: the image's own Node writes it, and may be anything. */
export function readMessage(line: string): KeeperMessage | undefined {
  try {
    return messageSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
