/** Where a server listens: the platform calls it from outside its container. */
import { setTimeout as delay } from 'node:timers/promises';
import { type Listener, listenersOf, listListeners } from '../lab/listening.js';
import type { Rule } from '../rule.js';
import { hold, NotTried, need } from '../verdict.js';
import { PAGES } from './pages.js';

export const ADDRESS_RULES: readonly Rule[] = [
  {
    id: 'ping.any-address',
    rule: 'The server listens on the address of its container, not only on 127.0.0.1: the platform calls it from outside.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      need(!lab.isImage, 'a container is called from outside by every rule');
      await lab.server(); // not tried where no server gets ready
      const server = await lab.launch({ model: await lab.model(), host: OTHER_ADDRESS });
      const began = performance.now();
      let listeners: readonly Listener[] = [];
      while (!server.exit() && performance.now() - began < lab.setup.limits.startServerMs) {
        const all = listenersOf(server.tree);
        need(all !== undefined, 'this system has no /proc');
        listeners = all.filter(({ port }) => port === server.port);
        if (listeners.length > 0) break;
        await Promise.race([delay(POLL_MS), server.container.exited]);
      }
      void server.kill();
      if (listeners.length === 0) throw new NotTried('the server did not listen again');
      hold(
        listeners.some(({ address }) => !OWN.has(address)),
        `it listens on ${listListeners(listeners)}`,
      );
      return `it listens on ${listListeners(listeners)}`;
    },
  },
];

// --- internal ---

/** Where a program listens that reads ALGO_BIND_TO_HOST, as ours do: also of this machine alone, but no fixed choice of anybody. */
const OTHER_ADDRESS = '127.0.0.2';
const OWN = new Set(['127.0.0.1', '[::1]']);
const POLL_MS = 50;
