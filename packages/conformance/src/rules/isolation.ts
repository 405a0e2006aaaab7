/** What a container may touch: its outputs, /tmp, one port, no network. */
import { describeAttempts, isImageProgram } from '@algo/local';
import { changes, snapshot } from '../lab/files.js';
import { readImageConfig } from '../lab/image-config.js';
import type { Lab } from '../lab/lab.js';
import { listenersOf } from '../lab/listening.js';
import type { Rule } from '../rule.js';
import { hold, NotTried, need } from '../verdict.js';
import { PAGES } from './pages.js';

export const ISOLATION_RULES: readonly Rule[] = [
  {
    id: 'isolation.model-unchanged',
    rule: 'The server leaves /opt/ml/model as it is, which is read-only.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const server = await serverThatWorked(lab);
      const changed = changes(server.before, await snapshot(server.tree.base)).filter((path) =>
        path.startsWith('model/'),
      );
      hold(changed.length === 0, `changed: ${changed.join(', ')}`);
      return 'unchanged';
    },
  },
  {
    id: 'isolation.serve-writes',
    rule: 'The server writes to /tmp only.',
    source: PAGES.sellerImages,
    severity: 'should',
    async check(lab) {
      need(!lab.isImage, 'in its container the rest is read-only: see isolation.read-only-root');
      const server = await serverThatWorked(lab);
      const changed = changes(server.before, await snapshot(server.tree.base)).filter(
        (path) => !/^(model|tmp)\//.test(path),
      );
      hold(changed.length === 0, `written: /opt/ml/${changed.join(', ')}`);
      const strays = server.strays();
      hold(strays.length === 0, `written to the working directory: ${strays.join(', ')}`);
      return 'nothing written elsewhere';
    },
  },
  {
    id: 'isolation.one-port',
    rule: 'The server listens on one port, and besides only on ports of SAGEMAKER_SAFE_PORT_RANGE: the others of a pipeline share its addresses.',
    source: PAGES.pipelines,
    severity: 'should',
    async check(lab) {
      need(!lab.isImage, 'a container has addresses of its own here');
      const server = await serverThatWorked(lab);
      const listeners = listenersOf(server.tree);
      need(listeners !== undefined, 'this system has no /proc');
      const others = listeners.filter(({ port }) => port < server.port || port > server.port + 10);
      hold(
        others.length === 0,
        () => `it listens on ${others.map(({ address, port }) => `${address}:${port}`).join(', ')}`,
      );
      return `${listeners.length} ${listeners.length === 1 ? 'socket' : 'sockets'}`;
    },
  },
  {
    id: 'isolation.no-network',
    rule: 'Training and serving need no network, and try none: there is none in a buyer’s account.',
    source: PAGES.isolation,
    severity: 'must',
    async check(lab) {
      const { program } = lab;
      if (!isImageProgram(program))
        throw new NotTried('a program that runs as a process has the network of this machine');
      need(program.sandbox !== undefined, 'the container has a network');
      await lab.server();
      const attempts = await program.sandbox.outward();
      const tried = describeAttempts(attempts);
      hold(tried === '', `it ${tried}`);
      return 'no name looked up, no connection tried';
    },
  },
  {
    id: 'isolation.read-only-root',
    rule: 'The container needs no root file system that it can write to.',
    source: PAGES.sellerImages,
    severity: 'should',
    async check(lab) {
      const { program } = lab;
      if (!isImageProgram(program)) throw new NotTried('a program that runs as a process has no root file system');
      hold(program.limits.hasWritableRoot !== true, 'it trains and serves only with a writable one');
      await lab.server();
      return 'it trains and serves with a read-only one';
    },
  },
  {
    id: 'isolation.user',
    rule: 'An image that names a user who is not root works as this user.',
    source: PAGES.hosting,
    severity: 'should',
    async check(lab) {
      const { program } = lab;
      if (!isImageProgram(program)) throw new NotTried('a program that runs as a process has no user of its own');
      const { user } = await readImageConfig(program);
      need(user !== '' && !/^(root|0)(:|$)/.test(user), 'the image has no USER, so root runs it');
      await lab.server();
      return `USER ${user}`;
    },
  },
];

// --- internal ---

/** The shared server, after it has answered something. */
async function serverThatWorked(lab: Lab) {
  const server = await lab.server();
  await server.ping();
  return server;
}
