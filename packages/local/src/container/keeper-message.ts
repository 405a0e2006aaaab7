/** What the keeper of a network writes: that it is ready, what the containers of its network try to reach, and where they listen. */
import { z } from 'zod';

const messageSchema = z.union([
  z.object({ ready: z.string() }),
  z.object({ lookup: z.string() }),
  z.object({ connections: z.number() }),
  z.object({ ports: z.array(z.number()) }),
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
