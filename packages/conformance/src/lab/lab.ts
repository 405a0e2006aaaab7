/**
 * What the rules try: jobs and servers of the container under test, each started when the first rule asks for it. A server that a rule
 * has broken is replaced, so that every rule meets a container that has done nothing wrong yet.
 */
import { isImageProgram, type Program } from '@algo/local';
import type { ConformanceProfile, SampleRequest } from '../profile/profile.js';
import { Broken, NotTried, need, orBroken } from '../verdict.js';
import type { Answer } from './http.js';
import { createJobs, type Jobs } from './jobs.js';
import { launchServer, type Server, type ServerRequest, waitUntilReady } from './server.js';
import { type Setup, withEnoughRoot } from './setup.js';
import { packModel, runTraining } from './training.js';

/** A server with its first answers. */
export interface ReadyServer extends Server {
  readonly firstPing: Answer;
  readonly readySeconds: number;
  /** To the first sample request, sent right after the first 200; undefined without samples. */
  readonly firstAnswer: Answer | Broken | undefined;
}

/** What a sample request is answered with. */
export interface Baseline extends Answer {
  /** The same request was answered with the same bytes again: what is random, or has a time in it, is not. */
  readonly isStable: boolean;
}

export interface Lab extends Jobs {
  readonly setup: Setup;
  readonly profile: ConformanceProfile;
  readonly program: Program;
  readonly isImage: boolean;
  /** The server that rules share, or a new one after a rule has broken it. @throws NotTried when none gets ready */
  server(): Promise<ReadyServer>;
  /** @throws Broken when the first server does not get ready */
  firstServer(): Promise<ReadyServer>;
  /** The next rule gets a new server: what was sent to this one may have left something behind. */
  renew(): void;
  /** Another server; it is stopped at the end. @throws Broken when it does not get ready */
  startServer(request?: Partial<ServerRequest>): Promise<ReadyServer>;
  /** One that need not get ready. */
  launch(request: ServerRequest): Promise<Server>;
  /** The job and a server of its model, by another program. @throws Broken when the server does not get ready */
  runAs(program: Program): Promise<{ readonly exit: number | undefined; readonly readySeconds: number }>;
  /** What the model answers to a sample request. @throws NotTried when it is not a success */
  baseline(request: SampleRequest): Promise<Baseline>;
  /** The first sample request. @throws NotTried without one */
  sample(): SampleRequest;
  close(): Promise<void>;
}

export function createLab(setup: Setup, profile: ConformanceProfile): Lab {
  const jobs = createJobs(setup, profile);
  const servers: Server[] = [];
  const baselines = new Map<SampleRequest, Baseline>();
  let current: ReadyServer | undefined;
  let isOld = false;
  let firstProblem: unknown;

  const launch = async (request: ServerRequest) => {
    setup.stop?.throwIfAborted();
    // The containers of an image share one network, where each of them listens on the same port.
    if (isImageProgram(setup.program)) await Promise.all(servers.map((one) => one.kill()));
    const server = await launchServer(setup, request);
    servers.push(server);
    return server;
  };
  const startServer = async (request: Partial<ServerRequest> = {}): Promise<ReadyServer> => {
    const server = await launch({ ...request, model: 'model' in request ? request.model : await jobs.model() });
    const began = performance.now();
    const firstPing = await waitUntilReady(server, setup.limits.startServerMs);
    const readySeconds = (performance.now() - began) / 1000;
    const [first] = profile.requests;
    const firstAnswer = first && (await orBroken(server.invoke(first)));
    return { ...server, firstPing, readySeconds, firstAnswer };
  };
  const shared = async () => {
    if (current && !current.exit() && !current.isSpoilt() && !isOld) return current;
    if (firstProblem) throw firstProblem;
    void current?.kill();
    const isFirst = current === undefined;
    const started = await withEnoughRoot(
      setup,
      () => orBroken(startServer()),
      (outcome) => !isFirst || !(outcome instanceof Broken),
    );
    if (!(started instanceof Broken)) {
      isOld = false;
      current = started;
      return started;
    }
    if (isFirst) firstProblem = started;
    throw started;
  };
  const server = async () => {
    try {
      return await shared();
    } catch (error) {
      if (error instanceof Broken) throw new NotTried(`the server did not get ready: ${error.message}`);
      throw error;
    }
  };
  return {
    ...jobs,
    ...{ setup, profile, launch, startServer, server },
    isImage: isImageProgram(setup.program),
    get program() {
      return setup.program;
    },
    firstServer: shared,
    renew() {
      isOld = true;
    },
    async runAs(program) {
      const own = { ...setup, program };
      const { training } = profile;
      const job = training && (await runTraining(own, training));
      if (job && job.exit.exitCode !== 0) return { exit: job.exit.exitCode, readySeconds: Number.NaN };
      await Promise.all(servers.map((one) => one.kill()));
      const server = await launchServer(own, { model: job ? await packModel(own, job) : profile.model });
      servers.push(server);
      const began = performance.now();
      await waitUntilReady(server, setup.limits.startServerMs);
      void server.kill();
      return { exit: job?.exit.exitCode, readySeconds: (performance.now() - began) / 1000 };
    },
    async baseline(request) {
      const known = baselines.get(request);
      if (known) return known;
      const ask = async () => {
        const answer = await (await server()).invoke(request).catch((error: unknown) => {
          throw error instanceof Broken ? new NotTried(`${request.name} is not answered: ${error.message}`) : error;
        });
        need(answer.status === 200, `${request.name} is answered with status ${answer.status}`);
        return answer;
      };
      const answer = await ask();
      const baseline = { ...answer, isStable: answer.body.equals((await ask()).body) };
      baselines.set(request, baseline);
      return baseline;
    },
    sample() {
      const [first] = profile.requests;
      if (!first) throw new NotTried('the profile has no requests');
      return first;
    },
    async close() {
      await Promise.all(servers.map((one) => one.kill()));
    },
  };
}
