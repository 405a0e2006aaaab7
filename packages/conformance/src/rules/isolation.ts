/** What a container may touch: its outputs, /tmp, one port, no network. */
import { setTimeout as delay } from 'node:timers/promises';
import { describeAttempts, isImageProgram } from '@algo/local';
import { changes, snapshot } from '../lab/files.js';
import type { Lab } from '../lab/lab.js';
import { listenersOf, listListeners } from '../lab/listening.js';
import type { Rule } from '../rule.js';
import { Broken, hold, NotTried, need } from '../verdict.js';
import { needClaim } from './claims.js';
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
      const server = await serverThatWorked(lab);
      const { program } = lab;
      if (isImageProgram(program)) {
        need(program.sandbox !== undefined, 'the container has a network');
        const ports = await program.sandbox.ports();
        hold(ports.length === 1, `it listens on the ports ${ports.join(', ')}`);
        return `port ${ports[0]}`;
      }
      const listeners = listenersOf(server.tree);
      need(listeners !== undefined, 'this system has no /proc');
      const others = listeners.filter(({ port }) => port < server.port || port > server.port + 10);
      hold(others.length === 0, () => `it listens on ${listListeners(others)}`);
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
    id: 'isolation.arbitrary-user',
    rule: 'The container trains and serves as any user: it owns nothing then, and has no name.',
    source: 'aws/sagemaker-inference-toolkit#72; Guide: Troubleshooting Serverless Endpoints',
    severity: 'should',
    async check(lab) {
      const { program, profile } = lab;
      if (!isImageProgram(program)) throw new NotTried('a program that runs as a process has the user of this machine');
      need(profile.claims.arbitraryUser, 'the profile does not claim it');
      await lab.server();
      const asUser = { ...program, limits: { ...program.limits, user: ARBITRARY_USER } };
      const { exit, readySeconds } = await lab.runAs(asUser);
      hold(exit === undefined || exit === 0, `as ${ARBITRARY_USER}, the training job ended with code ${exit}`);
      return `as ${ARBITRARY_USER}: /ping 200 after ${readySeconds.toFixed(2)} s`;
    },
  },
  {
    id: 'isolation.bind-to-port',
    rule: 'An image that says so in a label listens on SAGEMAKER_BIND_TO_PORT, and not on 8080.',
    source: PAGES.pipelines,
    severity: 'must',
    async check(lab) {
      const { program } = lab;
      if (!isImageProgram(program)) throw new NotTried('a program that runs as a process always gets it');
      await needClaim(lab, 'bindToPort', BIND_LABEL);
      const { sandbox } = program;
      need(sandbox !== undefined, 'the container has a network');
      await lab.server();
      const environment = { SAGEMAKER_BIND_TO_PORT: String(OTHER_PORT), SAGEMAKER_SAFE_PORT_RANGE: '9000-9999' };
      const server = await lab.launch({ model: await lab.model(), environment });
      const began = performance.now();
      while (!server.exit() && performance.now() - began < lab.setup.limits.startServerMs) {
        const ports = await sandbox.ports();
        hold(!ports.includes(8080), 'it listens on 8080');
        if (ports.includes(OTHER_PORT)) return `it listens on ${ports.join(', ')}`;
        await Promise.race([delay(POLL_MS), server.container.exited]);
      }
      throw new Broken(`it does not listen on ${OTHER_PORT}`);
    },
  },
];

// --- internal ---

/** Nobody's: no image and no host gives it a name. */
const ARBITRARY_USER = '10914:10914';
const BIND_LABEL = 'com.amazonaws.sagemaker.capabilities.accept-bind-to-port';
const OTHER_PORT = 9123;
const POLL_MS = 50;

/** The shared server, after it has answered something. */
async function serverThatWorked(lab: Lab) {
  const server = await lab.server();
  await server.ping();
  return server;
}
