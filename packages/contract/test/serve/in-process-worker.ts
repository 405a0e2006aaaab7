/** A worker that is no process: for tests of the server whose algorithm lives in the test itself. */
import type { Algorithm } from '../../src/algorithm.js';
import type { Environment } from '../../src/environment.js';
import type { Log } from '../../src/log.js';
import { createListener, type Listener } from '../../src/serve/conversation/listener.js';
import { createTalks } from '../../src/serve/conversation/talks.js';
import type { Answer } from '../../src/serve/message.js';
import { failureOf } from '../../src/serve/model-failure.js';
import { loadInvocation } from '../../src/serve/model-loading.js';
import { createHeldModels } from '../../src/serve/models/held-models.js';
import { createCaller } from '../../src/serve/patience.js';
import { joined } from '../../src/serve/pieces.js';
import type { StartWorker } from '../../src/serve/worker-process.js';

/** @param endsWith why one has ended that is killed */
export function inProcessWorkers(
  algorithm: Algorithm,
  environment: Environment,
  log: Log,
  endsWith = 'signal SIGKILL',
): StartWorker {
  return () => {
    const ended = Promise.withResolvers<string>();
    const killed = ended.promise.then(() => undefined);
    const many = environment.serving.isMultiModel ? createHeldModels(algorithm, environment, log) : undefined;
    const loaded = many
      ? Promise.resolve({ ...many, maxProcesses: undefined, isBatched: false, converse: undefined })
      : loadInvocation(algorithm, environment, log);
    let isReady = false;
    let openCount = 0;
    let listener: Listener | undefined;
    const talks = createTalks((task, body = []) => listener?.take(task, joined(body)));
    const ready = loaded.then(({ maxProcesses, isBatched, converse }) => {
      listener = converse && createListener(converse, (report, body = []) => talks.take(report, body));
      isReady = true;
      return { processBytes: 1, maxProcesses, isConcurrent: true, isBatched, isForFront: false };
    }, failureOf);
    return {
      pid: process.pid,
      ready,
      ended: ended.promise,
      get isReady() {
        return isReady;
      },
      get openCount() {
        return openCount;
      },
      async invoke({ body, ...request }, { signal, deadline }): Promise<Answer | undefined> {
        openCount += 1;
        const { invoke } = await loaded;
        const caller = createCaller(deadline);
        signal.addEventListener('abort', caller.leave, { once: true });
        const answer = invoke({ ...request, body: joined(body) }, caller.patience);
        void answer.then(caller.answered);
        return Promise.race([answer, killed]).finally(() => {
          openCount -= 1;
        });
      },
      get talkCount() {
        return talks.openCount;
      },
      converse: talks.begin,
      order: async (order) => (many && isReady ? Promise.race([many.order(order), killed]) : undefined),
      end() {
        const closed = isReady ? loaded.then(({ close }) => close()) : Promise.resolve();
        isReady = false;
        void closed.then(() => ended.resolve('exit code 0'));
      },
      kill() {
        isReady = false;
        talks.lose();
        ended.resolve(endsWith);
      },
    };
  };
}
