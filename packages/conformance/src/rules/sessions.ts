/** Stateful sessions, tried where a profile has them. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from '../lab/http.js';
import type { Lab } from '../lab/lab.js';
import type { Server } from '../lab/server.js';
import type { SampleRequest, SessionProfile } from '../profile/profile.js';
import type { Rule } from '../rule.js';
import { Broken, excerpt, hold, NotTried, need } from '../verdict.js';
import { describe, isClientError } from './answers.js';
import { PAGES } from './pages.js';

export const SESSION_RULES: readonly Rule[] = [
  {
    id: 'sessions.open',
    rule: 'A request with X-Amzn-SageMaker-Session-Id: NEW_SESSION is answered with "ID; Expires=2030-01-01T00:00:00Z" in that header, each time a new ID.',
    source: PAGES.sessions,
    severity: 'must',
    async check(lab) {
      const server = await serverWithSessions(lab);
      const [first, second] = [await open(lab, server), await open(lab, server)];
      hold(first.id !== second.id, `two sessions have the id ${excerpt(first.id)}`);
      return first.text;
    },
  },
  {
    id: 'sessions.request',
    rule: 'A request with the ID of a session that is open is answered, and opens no other.',
    source: PAGES.sessions,
    severity: 'must',
    async check(lab) {
      const { server, id } = await openSession(lab);
      const answer = await invokeIn(server, lab.sample(), id);
      hold(answer.status === 200, () => describe(answer));
      const other = newSession(answer);
      hold(other === undefined || other.split(';')[0] === id, `it opens the session ${excerpt(other ?? '')}`);
      return describe(answer);
    },
  },
  {
    id: 'sessions.close',
    rule: 'The answer that ends a session has its ID in X-Amzn-SageMaker-Closed-Session-Id.',
    source: PAGES.sessions,
    severity: 'must',
    async check(lab) {
      const { server, id } = await openSession(lab);
      const answer = await invokeIn(server, sessionOf(lab).close, id);
      const closed = answer.headers[CLOSED];
      hold(answer.status < 300, () => describe(answer));
      hold(closed === id, `the header is ${closed === undefined ? 'missing' : excerpt(closed)}, where ${id} is right`);
      return closed;
    },
  },
  {
    id: 'sessions.unknown',
    rule: 'A session that is not open, or no longer, is refused with a status of 400 to 499: another has its state.',
    source: 'aws/model-hosting-container-standards: sessions',
    severity: 'should',
    async check(lab) {
      const { server, id } = await openSession(lab);
      const end = await invokeIn(server, sessionOf(lab).close, id);
      need(end.status < 300, `a session is not closed: ${describe(end)}`);
      for (const [what, session] of [
        ['one that was never open', NEVER],
        ['one that is closed', id],
      ] as const) {
        const answer = await invokeIn(server, lab.sample(), session);
        hold(isClientError(answer), () => `${what}: ${describe(answer)}`);
      }
      return 'refused';
    },
  },
  {
    id: 'sessions.expired',
    rule: 'A session is refused after the time that its Expires says.',
    source: PAGES.sessions,
    severity: 'should',
    async check(lab) {
      const { shortLife: environment } = sessionOf(lab);
      need(environment !== undefined, 'the profile’s session has no shortLife');
      await lab.server(); // not tried where no server gets ready
      const server = await lab.startServer({ environment });
      const { id, expires } = await opened(lab, server);
      const life = expires - Date.now();
      need(life <= MAX_LIFE_MS, `with shortLife a session lives ${Math.round(life / 1000)} s`);
      await delay(life + SECOND_MS); // Expires has whole seconds
      const answer = await invokeIn(server, lab.sample(), id);
      hold(isClientError(answer), () => describe(answer));
      void server.kill();
      return describe(answer);
    },
  },
];

// --- internal ---

const SESSION = 'X-Amzn-SageMaker-Session-Id';
const CLOSED = 'x-amzn-sagemaker-closed-session-id';
/** AWS's documents and containers have the one or the other. */
const OPENED = ['x-amzn-sagemaker-new-session-id', 'x-amzn-sagemaker-session-id'];
const NEVER = '00000000-0000-4000-8000-000000000000';
/** API InvokeEndpoint: NewSessionResponseHeader. */
const MAX_CHARS = 256;
const PATTERN = /^([a-zA-Z0-9](?:-*[a-zA-Z0-9])*); Expires=(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;
const MAX_LIFE_MS = 60_000;
const SECOND_MS = 1000;

interface Session {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly expires: number;
  /** The header as it came. */
  readonly text: string;
}

function sessionOf({ profile }: Lab): SessionProfile {
  need(profile.session !== undefined, 'the profile has no session');
  return profile.session;
}

/** @throws NotTried where the profile has none */
function serverWithSessions(lab: Lab): Promise<Server> {
  sessionOf(lab);
  return lab.server();
}

function invokeIn(server: Server, request: SampleRequest, id: string): Promise<Answer> {
  return server.invoke(request, { headers: { [SESSION]: id } });
}

function newSession({ headers }: Answer): string | undefined {
  return OPENED.map((name) => headers[name]).find((text) => text !== undefined);
}

/** @throws Broken when none is opened as the rule has it */
async function open(lab: Lab, server: Server): Promise<Session> {
  const answer = await invokeIn(server, sessionOf(lab).open ?? lab.sample(), 'NEW_SESSION');
  const text = newSession(answer);
  hold(answer.status < 300, () => describe(answer));
  hold(text !== undefined, `the answer has no ${SESSION}`);
  const [, id, expires = ''] = PATTERN.exec(text) ?? [];
  hold(id !== undefined && text.length <= MAX_CHARS, `${SESSION} is ${excerpt(text)}`);
  const time = Date.parse(expires);
  hold(time > Date.now() - SECOND_MS, `the session has expired when it is opened: ${excerpt(text)}`);
  return { id, expires: time, text };
}

/** @throws NotTried when none is opened, which a rule of its own is about */
function opened(lab: Lab, server: Server): Promise<Session> {
  return open(lab, server).catch((error: unknown) => {
    throw error instanceof Broken ? new NotTried(`no session is opened: ${error.message}`) : error;
  });
}

/** One on the server of the rules. @throws NotTried when none is opened */
async function openSession(lab: Lab): Promise<Session & { readonly server: Server }> {
  const server = await serverWithSessions(lab);
  return { server, ...(await opened(lab, server)) };
}
