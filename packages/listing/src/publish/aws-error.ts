/** What errors of AWS's clients mean here: that something is not there, or what the person can do about it. */
import { ArgumentError, JobError, messageOf } from '@algo/local';

/** By the name of the error, or for services that have one name for all, by its message. */
export function isMissing(error: unknown): boolean {
  const name = nameOf(error);
  return (
    MISSING.has(name) ||
    (error instanceof Error && '$metadata' in error && statusOf(error) === 404) ||
    (name === 'ValidationException' &&
      /does not exist|could not find|cannot (be )?f(in|oun)d|not found/i.test(messageOf(error)))
  );
}

/** What a call answers; undefined where what it asks for is not there. */
export async function unlessMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

/** An error of a step for a person: which step, what AWS said, and for what is known, what to do. */
export function explain(step: string, error: unknown): Error {
  if (error instanceof ArgumentError || !isOfAws(error)) return error as Error;
  if (error instanceof JobError) return new JobError(`${step}: ${error.message}`, { cause: error });
  const advice = ADVICE.find(([pattern]) => pattern.test(`${nameOf(error)} ${messageOf(error)}`))?.[1];
  const said = `${step}: ${nameOf(error)}: ${messageOf(error)}`;
  return new JobError(advice === undefined ? said : `${said}\n${advice}`, { cause: error });
}

// --- internal ---

const MISSING: ReadonlySet<string> = new Set([
  'NoSuchEntityException',
  'NoSuchEntity',
  'NoSuchBucket',
  'NoSuchKey',
  'NotFound',
  'RepositoryNotFoundException',
  'ImageNotFoundException',
  'ResourceNotFound',
  'ResourceNotFoundException',
]);

const AGAIN = 'Then repeat the command: it finds out what has been made, and does the rest.';
const ADVICE: readonly (readonly [pattern: RegExp, advice: string])[] = [
  [
    /ExpiredToken|token.*expired|RequestExpired/i,
    `The credentials have expired. Sign in again (aws sso login, or new keys). ${AGAIN}`,
  ],
  [
    /CredentialsProviderError|Could not load credentials/i,
    'There are no credentials. Set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure.',
  ],
  [/InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch/i, 'AWS does not know these credentials.'],
  [/AccessDenied|not authorized/i, `The credentials may not do this. Add the permission that AWS names. ${AGAIN}`],
  [/Throttl|TooManyRequests|SlowDown/i, `AWS takes fewer calls at present. Wait some minutes. ${AGAIN}`],
  [
    /ResourceLimitExceeded|LimitExceeded/i,
    `A quota of the account is used up: Service Quotas in the console raises it. ${AGAIN}`,
  ],
];

function isOfAws(error: unknown): error is Error {
  return (
    error instanceof JobError ||
    (error instanceof Error &&
      ('$fault' in error || nameOf(error) === 'CredentialsProviderError' || nameOf(error) === 'TimeoutError'))
  );
}

function statusOf(error: Error): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
