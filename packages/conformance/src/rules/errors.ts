/** What a container answers to requests that are wrong, and that it serves the next ones. */
import { NO_DATA } from '../lab/failing-job.js';
import type { Answer } from '../lab/http.js';
import type { Baseline, Lab } from '../lab/lab.js';
import { openConnection, requestHead } from '../lab/raw-connection.js';
import type { SampleRequest } from '../profile/profile.js';
import type { Rule } from '../rule.js';
import { excerpt, hold, NotTried, need } from '../verdict.js';
import { describe, expectSame, expectStillRight, isClientError, tryVariant } from './answers.js';
import { UNKNOWN_TYPE } from './invocations.js';
import { PAGES } from './pages.js';

export const ERROR_RULES: readonly Rule[] = [
  {
    id: 'errors.bad-body',
    rule: 'A body that cannot be read is answered with a status of 400 to 499: with 500 a batch transform sends it again, and alarms ring.',
    source: PAGES.modelError,
    severity: 'should',
    async check(lab) {
      const { answer, request } = await sendBad(lab);
      hold(isClientError(answer), () => `${request.name}: ${describe(answer)}`);
      return `${request.name}: ${describe(answer)}`;
    },
  },
  {
    id: 'errors.text',
    rule: 'An error has a text: OriginalMessage of ModelError is all that the caller sees of it.',
    source: PAGES.modelError,
    severity: 'should',
    async check(lab) {
      const answer = await errorOf(lab);
      hold(answer.body.toString('utf8').trim() !== '', () => describe(answer));
      return excerpt(answer.body);
    },
  },
  {
    id: 'errors.length',
    rule: 'The text of an error has at most 2,048 characters, as OriginalMessage has: the rest is cut off.',
    source: PAGES.modelError,
    severity: 'should',
    async check(lab) {
      const { body } = await errorOf(lab);
      const { length } = body.toString('utf8');
      hold(length <= MESSAGE_CHARS, `it has ${length} characters: ${excerpt(body)}`);
      return `${length} characters`;
    },
  },
  {
    id: 'errors.no-stack-trace',
    rule: 'An error has no stack trace: its text goes to the caller.',
    source: PAGES.modelError,
    severity: 'should',
    async check(lab) {
      const { answer: bad } = await sendBad(lab);
      const sample = lab.sample();
      const server = await lab.server();
      const answers = [
        bad,
        await server.invoke({ ...sample, contentType: UNKNOWN_TYPE }),
        await server.call({ path: '/no-such-path' }),
      ];
      const traced = answers.find(({ body }) => TRACE.test(body.toString('utf8')));
      hold(traced === undefined, () => describe(traced!));
      return `${answers.length} errors`;
    },
  },
  {
    id: 'errors.next-request',
    rule: 'After errors the server still runs, and the next request is answered right.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const sample = lab.sample();
      const baseline = await lab.baseline(sample);
      const server = await lab.server();
      let errors = 0;
      for (const wrong of [
        badRequestOf(lab),
        { ...sample, contentType: UNKNOWN_TYPE },
        { ...sample, body: Buffer.alloc(0) },
      ]) {
        if ((await server.invoke(wrong)).status >= 400) errors++;
        expectSame(await server.invoke(sample), baseline, `${sample.name} after a wrong request`);
      }
      const exit = server.exit();
      hold(exit === undefined, `the server ended with code ${exit?.exitCode}`);
      need(errors > 0, 'no request is answered with an error; give badRequests');
      return `right after ${errors} errors`;
    },
  },
  {
    id: 'errors.neighbour',
    rule: 'A wrong request does not disturb another that is in work.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const server = await lab.server();
      let wrong: Answer | undefined;
      const between = async () => {
        await server.ping().catch(() => undefined); // answered after the half has arrived
        wrong = await server.invoke(badRequestOf(lab));
      };
      const { answer, baseline } = await tryVariant(lab, lab.sample(), {}, { pieces: { count: 2, between } });
      lab.renew();
      need(wrong !== undefined && wrong.status >= 400, `${badRequestOf(lab).name}: no error; give badRequests`);
      expectSame(answer, baseline, `with ${badRequestOf(lab).name} in between`);
      return describe(answer);
    },
  },
  {
    id: 'errors.aborted-upload',
    rule: 'A client that breaks off in the middle of a body does not harm the server.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const sample = lab.sample();
      await lab.baseline(sample);
      const server = await lab.server();
      const connection = await openConnection(server.port);
      const length = { 'Content-Length': String(sample.body.length + 1000) };
      connection.write(requestHead('/invocations', { 'Content-Type': sample.contentType, ...length }));
      connection.write(sample.body);
      await server.ping().catch(() => undefined);
      connection.reset();
      await server.ping();
      expectSame(await server.invoke(sample), await lab.baseline(sample), `${sample.name} after it`);
      const exit = server.exit();
      hold(exit === undefined, `the server ended with code ${exit?.exitCode}`);
      return 'the next request is right';
    },
  },
  {
    id: 'errors.unknown-path',
    rule: 'A path that is not there is answered with 404.',
    source: PAGES.batch,
    severity: 'should',
    async check(lab) {
      const answer = await (await lab.server()).call({ path: '/no-such-path' });
      hold(answer.status === 404, () => describe(answer));
      return describe(answer);
    },
  },
  {
    id: 'errors.wrong-method',
    rule: 'GET /invocations is answered with a status of 400 to 499.',
    source: `${PAGES.http} section 15.5.6`,
    severity: 'should',
    async check(lab) {
      const answer = await (await lab.server()).call({ path: '/invocations' });
      hold(isClientError(answer), () => describe(answer));
      return describe(answer);
    },
  },
  {
    id: 'errors.parallel',
    rule: 'Requests at the same time get each its own answer.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const { requests } = lab.profile;
      need(
        new Set(requests.map(({ body }) => body.toString('latin1'))).size > 1,
        'the profile has no two different requests',
      );
      const baselines = new Map<SampleRequest, Baseline>();
      for (const request of requests) baselines.set(request, await lab.baseline(request));
      const server = await lab.server();
      const sent = Array.from({ length: PARALLEL }, (_, i) => requests[i % requests.length]!);
      const answers = await Promise.all(sent.map((request) => server.invoke(request)));
      for (const [i, answer] of answers.entries()) expectSame(answer, baselines.get(sent[i]!)!, sent[i]!.name);
      await expectStillRight(lab, `${PARALLEL} at the same time`);
      return `${PARALLEL} at the same time`;
    },
  },
];

// --- internal ---

/** Lines of traces of Python, Node and Java. */
const TRACE = /Traceback \(most recent call last\)|\n\s+at \S+.*[:(]\S*\d+\)?|File "[^"]+", line \d+/;
const PARALLEL = 24;
const MESSAGE_CHARS = 2048;

/** The profile's first, else the sample with bytes that are no data. */
function badRequestOf(lab: Lab): SampleRequest {
  const [bad] = lab.profile.badRequests;
  return bad ?? { ...lab.sample(), name: 'bytes that are no data', body: NO_DATA };
}

/** @throws NotTried when the container takes any bytes, and nobody says what it must refuse */
function sendBad(lab: Lab): Promise<BadAnswer> {
  const sent = badAnswers.get(lab) ?? sendBadOnce(lab);
  badAnswers.set(lab, sent);
  return sent;
}

/** The answer to a bad body. @throws NotTried also when it is no error, which a rule of its own is about */
async function errorOf(lab: Lab): Promise<Answer> {
  const { answer } = await sendBad(lab);
  need(answer.status >= 400, 'the bad body is no error');
  return answer;
}

interface BadAnswer {
  readonly answer: Answer;
  readonly request: SampleRequest;
}

const badAnswers = new WeakMap<Lab, Promise<BadAnswer>>();

async function sendBadOnce(lab: Lab): Promise<BadAnswer> {
  await lab.baseline(lab.sample());
  const request = badRequestOf(lab);
  const answer = await (await lab.server()).invoke(request);
  lab.renew();
  if (answer.status < 400 && lab.profile.badRequests.length === 0) {
    throw new NotTried('bytes that are no data are answered with a success; give badRequests');
  }
  return { answer, request };
}
