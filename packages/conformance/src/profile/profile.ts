/** The data of a check, read and found: absolute paths, and bodies as bytes. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ArgumentError, type ChannelInput, messageOf } from '@algo/local';
import { type ProfileFile, parseProfileFile, type RequestSpec } from './profile-schema.js';

/** A request to /invocations. */
export interface SampleRequest {
  /** As messages name it. */
  readonly name: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly accept?: string | undefined;
}

export interface JobChange {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels?: Readonly<Record<string, ChannelInput>> | undefined;
}

/** What a container with stateful sessions is sent. */
export interface SessionProfile {
  readonly open?: SampleRequest | undefined;
  readonly close: SampleRequest;
  readonly shortLife?: Readonly<Record<string, string>> | undefined;
}

/** Parts that are left out leave the rules that need them untried. */
export interface ConformanceProfile {
  readonly training?:
    | (JobChange & {
        readonly channels: Readonly<Record<string, ChannelInput>>;
        readonly inputModes: readonly string[];
        readonly maxRuntimeInSeconds?: number | undefined;
        readonly metricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
      })
    | undefined;
  readonly failingJob?: JobChange | undefined;
  readonly longJob?:
    | (JobChange & { readonly afterLine?: RegExp | undefined; readonly resumedLine?: RegExp | undefined })
    | undefined;
  readonly model?: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly requests: readonly SampleRequest[];
  readonly badRequests: readonly SampleRequest[];
  readonly streamRequests: readonly SampleRequest[];
  readonly session?: SessionProfile | undefined;
  readonly messages: readonly string[];
  readonly asyncMB?: number | undefined;
  readonly claims: ProfileFile['claims'];
}

/** Nothing but what every container can be asked. */
export const EMPTY_PROFILE: ConformanceProfile = {
  ...{ environment: {}, requests: [], badRequests: [], streamRequests: [], messages: [] },
  claims: { multiModel: false, bidirectional: false, bindToPort: false, arbitraryUser: false },
};

/**
 * Reads a profile's file.
 * @throws ArgumentError when it is not there, no JSON, or something in it is unknown, out of range or missing, with its place
 */
export function readConformanceProfile(path: string): ConformanceProfile {
  if (!existsSync(path)) throw new ArgumentError(`There is no profile ${path}. Check the path.`);
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ArgumentError(`${path} must be JSON; ${messageOf(error)}.`, { cause: error });
  }
  return openProfile(value, path);
}

/** @param path of the file that the value is from @throws ArgumentError as `readConformanceProfile` does */
function openProfile(value: unknown, path: string): ConformanceProfile {
  const folder = dirname(resolve(path));
  try {
    return settle(parseProfileFile(value), (name) => found(folder, name));
  } catch (error) {
    throw new ArgumentError(`${path}:\n${messageOf(error)}`, { cause: error });
  }
}

// --- internal ---

/** Observed: model-hosting-container-standards. */
const CLOSE: RequestSpec = { text: '{"requestType":"CLOSE"}', contentType: 'application/json' };

function settle(file: ProfileFile, find: (name: string) => string): ConformanceProfile {
  const channelsOf = (channels: Readonly<Record<string, { readonly path: string }>>) =>
    Object.fromEntries(
      Object.entries(channels).map(([name, channel]) => [name, { ...channel, path: find(channel.path) }]),
    );
  const change = ({ hyperparameters, channels }: NonNullable<ProfileFile['failingJob']>): JobChange => ({
    hyperparameters,
    ...(channels && { channels: channelsOf(channels) }),
  });
  const open = (one: RequestSpec, name: string) => openRequest(one, name, find);
  const { training, failingJob, longJob, model, environment, messages, session, asyncMB, claims } = file;
  return {
    ...(training && { training: { ...training, channels: channelsOf(training.channels) } }),
    ...(failingJob && { failingJob: change(failingJob) }),
    ...(longJob && {
      longJob: {
        ...change(longJob),
        ...(longJob.afterLine !== undefined && { afterLine: new RegExp(longJob.afterLine) }),
        ...(longJob.resumedLine !== undefined && { resumedLine: new RegExp(longJob.resumedLine) }),
      },
    }),
    ...(model !== undefined && { model: find(model) }),
    ...(asyncMB !== undefined && { asyncMB }),
    ...(session && {
      session: {
        ...(session.open && { open: open(session.open, 'the request that opens a session') }),
        close: open(session.close ?? CLOSE, 'the request that closes a session'),
        ...(session.shortLife && { shortLife: session.shortLife }),
      },
    }),
    ...{ environment, messages, claims },
    requests: file.requests.map((one, i) => open(one, `request ${i + 1}`)),
    badRequests: file.badRequests.map((one, i) => open(one, `bad request ${i + 1}`)),
    streamRequests: file.streamRequests.map((one, i) => open(one, `stream request ${i + 1}`)),
  };
}

function openRequest({ body, text, ...rest }: RequestSpec, name: string, find: (name: string) => string) {
  if (body === undefined) return { ...rest, name, body: Buffer.from(text ?? '') };
  return { ...rest, name: `${name} (${basename(body)})`, body: readFileSync(find(body)) };
}

function found(folder: string, name: string): string {
  const path = join(folder, name);
  if (existsSync(path)) return path;
  throw new Error(`there is no ${path}`);
}
