import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { listen } from '../serve/listen.js';

/** Below those that the system gives to whoever asks for any: another program gets none of them by chance. */
const [FIRST, END] = [10_000, 20_000];

/** A port that nobody listens on. @param tries at different ones */
export async function freePort(tries = 100): Promise<number> {
  const server = createServer();
  try {
    const port = await listen(server, randomInt(FIRST, END), '0.0.0.0');
    server.close();
    await once(server, 'close');
    return port;
  } catch (error) {
    if (tries === 1) throw error;
    return freePort(tries - 1);
  }
}
