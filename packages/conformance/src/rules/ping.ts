/** GET /ping. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NO_DATA } from '../lab/failing-job.js';
import { pathsBelow, putFile } from '../lab/files.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, need } from '../verdict.js';
import { describe } from './answers.js';
import { enlarge } from './large-body.js';
import { PAGES } from './pages.js';

export const PING_RULES: readonly Rule[] = [
  {
    id: 'ping.ready',
    rule: 'Started with the argument serve, the container answers GET /ping with 200 within 8 minutes.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      await lab.model();
      const { readySeconds } = await lab.firstServer();
      return `200 after ${readySeconds.toFixed(2)} s`;
    },
  },
  {
    id: 'ping.after-model',
    rule: 'The first 200 of /ping means that the model is loaded: a request right after it is answered.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const { firstAnswer } = await lab.server();
      need(firstAnswer !== undefined, 'the profile has no requests');
      if (firstAnswer instanceof Broken) throw firstAnswer;
      hold(firstAnswer.status !== 503 && firstAnswer.status < 500, `the first request: ${describe(firstAnswer)}`);
      return `the first request: status ${firstAnswer.status}`;
    },
  },
  {
    id: 'ping.empty-body',
    rule: 'The answer of /ping has an empty body.',
    source: PAGES.batch,
    severity: 'should',
    async check(lab) {
      const { firstPing } = await lab.server();
      hold(firstPing.body.length === 0, () => `a body of ${firstPing.body.length} bytes: ${excerpt(firstPing.body)}`);
      return 'empty';
    },
  },
  {
    id: 'ping.within-2-s',
    rule: 'Each /ping is answered with 200 within 2 s.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const server = await lab.server();
      let slowest = 0;
      for (let i = 0; i < PINGS; i++) {
        const answer = await server.ping();
        hold(answer.status === 200, `ping ${i + 1}: ${describe(answer)}`);
        slowest = Math.max(slowest, answer.ms);
      }
      return `${PINGS} pings, the slowest ${slowest.toFixed(0)} ms`;
    },
  },
  {
    id: 'ping.while-busy',
    rule: '/ping is answered within 2 s while requests are computed.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const sample = lab.sample();
      await lab.baseline(sample);
      const server = await lab.server();
      const body = enlarge(sample, BUSY_BYTES);
      const work = Array.from({ length: BUSY_REQUESTS }, () =>
        server.invoke({ ...sample, body }).catch(() => undefined),
      );
      let slowest = 0;
      for (let i = 0; i < BUSY_PINGS; i++) {
        const answer = await server.ping().catch((error: unknown) => {
          throw error instanceof Broken
            ? new Broken(`with ${BUSY_REQUESTS} requests in work: ${error.message}`)
            : error;
        });
        hold(answer.status === 200, `with ${BUSY_REQUESTS} requests in work: ${describe(answer)}`);
        slowest = Math.max(slowest, answer.ms);
      }
      await Promise.all(work);
      return `the slowest of ${BUSY_PINGS} pings ${slowest.toFixed(0)} ms`;
    },
  },
  {
    id: 'ping.any-host',
    rule: '/ping and /invocations take any Host header: the platform sends a name and addresses of its own.',
    source: 'aws/amazon-sagemaker-examples#2028',
    severity: 'must',
    async check(lab) {
      const server = await lab.server();
      for (const host of HOSTS) {
        const answer = await server.ping({ Host: host });
        hold(answer.status === 200, `Host: ${host}: ${describe(answer)}`);
      }
      return HOSTS.join(', ');
    },
  },
  {
    id: 'ping.broken-model',
    rule: 'A server whose model cannot be loaded never answers /ping with 200.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const model = await lab.model();
      need(
        model !== undefined,
        'the profile has no model and no training job: if there is a model, it is in the image',
      );
      const sample = lab.sample();
      const baseline = await lab.baseline(sample);
      const { readySeconds } = await lab.server();
      const server = await lab.launch({
        model,
        edit: async ({ model: folder }) => {
          for (const path of await pathsBelow(folder)) putFile(join(folder, path), NO_DATA);
        },
      });
      const watchMs = 1000 * (WATCH_FACTOR * readySeconds + WATCH_SECONDS);
      let until = performance.now() + 1000 * (START_FACTOR * readySeconds + START_SECONDS);
      let last: string | undefined;
      while (!server.exit() && performance.now() < until) {
        const answer = await server.ping().catch(() => undefined);
        if (answer?.status === 200) {
          const answered = await server.invoke(sample);
          const isRight = answered.status === 200 && (!baseline.isStable || answered.body.equals(baseline.body));
          need(
            !isRight,
            'requests are answered right with model files that are no model: the server does not read them',
          );
          throw new Broken(
            `/ping: status 200 with model files that are no model, where ${sample.name} is answered with ${describe(answered)}`,
          );
        }
        if (answer && last === undefined) until = performance.now() + watchMs;
        if (answer) last = `status ${answer.status}`;
        await Promise.race([delay(WATCH_INTERVAL_MS), server.container.exited]);
      }
      const exit = server.exit();
      void server.kill();
      return exit ? `it ended with code ${exit.exitCode}` : (last ?? 'it never answered');
    },
  },
];

// --- internal ---

/** More than a load balancer's count of failures, fewer than anybody waits for. */
const PINGS = 8;
const BUSY_REQUESTS = 4;
const BUSY_PINGS = 4;
const BUSY_BYTES = 512 * 1024;
const HOSTS = ['10.32.0.2:8080', 'localhost', 'model.aws.local:8080'];
/** From its first answer on, a server with a broken model is watched for longer than a good one took to load. */
const WATCH_FACTOR = 3;
const WATCH_SECONDS = 1;
/** Until its first answer it has more time: the machine may have become busier than it was when the good one started. */
const START_FACTOR = 20;
const START_SECONDS = 10;
const WATCH_INTERVAL_MS = 50;
