/**
 * STS: who the caller is, and credentials of roles. Every credential is right here; the session token of a role carries the
 * role, so that nothing is kept of it and a restart forgets nothing.
 */
import { randomBytes } from 'node:crypto';
import type { Account } from '../account.js';
import { DEFAULT_ROLE, roleIdOf } from '../iam/role.js';
import { serviceModel } from '../model/service-model.js';
import { queryService } from '../protocol/query.js';
import type { Service } from '../server/exchange.js';
import type { RequestHead } from '../server/request-head.js';
import { ServiceError } from '../service-error.js';

export function stsService(account: Account, now: () => number = Date.now): Service {
  const own: RoleSession = { account: account.id, role: DEFAULT_ROLE, session: 'local' };
  const credentials = (role: RoleSession, seconds: number) => ({
    AccessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
    SecretAccessKey: randomBytes(30).toString('base64'),
    SessionToken: writeToken(role),
    Expiration: Math.floor(now() / 1000) + seconds,
  });
  const assumedRole = ({ account: id, role, session }: RoleSession) => ({
    AssumedRoleId: `${roleIdOf(role)}:${session}`,
    Arn: `arn:aws:sts::${id}:assumed-role/${role}/${session}`,
  });
  return queryService({
    name: 'STS',
    model: serviceModel('sts'),
    operations: {
      GetCallerIdentity: (_: unknown, head) => {
        const session = sessionOf(head) ?? own;
        const { AssumedRoleId, Arn } = assumedRole(session);
        return { UserId: AssumedRoleId, Account: session.account, Arn };
      },
      AssumeRole: ({ RoleArn, RoleSessionName, DurationSeconds = 3600 }: AssumeRoleInput) => {
        const session = { ...readRoleArn(RoleArn), session: RoleSessionName };
        return { Credentials: credentials(session, DurationSeconds), AssumedRoleUser: assumedRole(session) };
      },
      GetSessionToken: ({ DurationSeconds = 43_200 }: { readonly DurationSeconds?: number }, head) => {
        return { Credentials: credentials(sessionOf(head) ?? own, DurationSeconds) };
      },
    },
  });
}

// --- internal ---

interface AssumeRoleInput {
  readonly RoleArn: string;
  readonly RoleSessionName: string;
  readonly DurationSeconds?: number;
}

interface RoleSession {
  readonly account: string;
  /** Its name, without a path, as ARNs of assumed roles have it. */
  readonly role: string;
  readonly session: string;
}

const TOKEN_PREFIX = 'algo-';

function readRoleArn(arn: string): { readonly account: string; readonly role: string } {
  const [, account, role] = /^arn:aws[\w-]*:iam::(\d{12}):role\/(?:[\x21-\x7e]+\/)?([\w+=,.@-]{1,64})$/.exec(arn) ?? [];
  if (account !== undefined && role !== undefined) return { account, role };
  throw new ServiceError('ValidationError', `${arn} is invalid: RoleArn must be arn:aws:iam::ACCOUNT:role/NAME.`);
}

function writeToken(session: RoleSession): string {
  return TOKEN_PREFIX + Buffer.from(JSON.stringify(session)).toString('base64url');
}

/** The role whose credentials signed the request, if this server gave them. */
function sessionOf({ headers, query }: RequestHead): RoleSession | undefined {
  const token = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token');
  if (typeof token !== 'string' || !token.startsWith(TOKEN_PREFIX)) return undefined;
  try {
    const text = Buffer.from(token.slice(TOKEN_PREFIX.length), 'base64url').toString();
    const { account, role, session } = JSON.parse(text) as Partial<RoleSession>;
    const isSession = [account, role, session].every(
      (part) => typeof part === 'string' && /^[\w+=,.@-]{1,64}$/.test(part),
    );
    return isSession ? { account: account!, role: role!, session: session! } : undefined;
  } catch {
    return undefined; // another issuer's token
  }
}
