/**
 * What the hosts of a job agree on as soon as they are connected: which channels the job has, who shares the rows of each, and
 * of what content type they are. A host knows its own channels only: one of an instance group that a channel is not for
 * (InstanceGroupNames) has neither its files nor its configuration, and takes part with no rows of it.
 */
import type { ChannelConfig } from '../environment.js';
import { ClientError } from '../errors.js';
import type { MediaType } from '../formats/media-type.js';
import type { ChannelDefinitions, OpenedChannel } from './channel.js';
import { type OpenOptions, openChannel, usualTypeOf } from './open-channel.js';

/** A host's channels, which get those of the others. */
export interface HostChannels {
  readonly configs: ReadonlyMap<string, ChannelConfig>;
  readonly opened: Record<string, OpenedChannel>;
}

/** @throws ClientError E_CHANNEL, which says what channels there are */
export function requireChannels(definitions: ChannelDefinitions, present: readonly string[]): void {
  const missing = missingChannels(definitions, present)[0];
  if (missing !== undefined) throw withoutChannel(missing, present);
}

/** The required channels that are not there. */
export function missingChannels(definitions: ChannelDefinitions, present: readonly string[]): string[] {
  return Object.keys(definitions).filter((name) => definitions[name]!.required && !present.includes(name));
}

export function withoutChannel(name: string, present: readonly string[]): ClientError {
  const has = present.length === 0 ? 'no channels' : `channels: ${present.join(', ')}`;
  return new ClientError('E_CHANNEL', `Channel "${name}" is required; the job has ${has}.`);
}

/**
 * Called by all hosts.
 * @throws ClientError E_CHANNEL on all of them for a required channel that none has; E_CONTENT_TYPE naming two hosts that have
 *   found different types
 */
export function agreeOnChannels({ configs, opened }: HostChannels, options: OpenOptions): void {
  const { hosts, definitions } = options;
  const own = new Map([...configs].map(([name, config]) => [name, heldOf(config, opened[name]!, definitions)]));
  const parts = hosts.communicator.gatherValues(own);
  const present = [...new Set(parts.flatMap((part) => [...part.keys()]))].sort();
  requireChannels(definitions, present);
  for (const name of present) {
    const held = parts.map((part) => part.get(name));
    hosts.setHolders(
      name,
      held.flatMap((one, rank) => (one ? [rank] : [])),
    );
    const found = agreedType(name, held, hosts.names);
    if (!configs.has(name)) {
      const { config } = held.find((one) => one !== undefined)!;
      const isNamed = Boolean(config.ContentType?.trim());
      const contentType = isNamed ? undefined : (found ?? usualTypeOf(definitions[name]!));
      const value = openChannel(name, config, options, { contentType, isAbsent: true });
      // In place of the error that a required channel is until then.
      Object.defineProperty(opened, name, { value, enumerable: true });
    } else if (found && found.type !== opened[name]!.contentType.type) {
      Object.assign(opened[name]!, openChannel(name, configs.get(name)!, options, { contentType: found }));
    }
  }
}

// --- internal ---

/** What a host says of a channel that it has. */
interface HeldChannel {
  readonly config: ChannelConfig;
  /** The content type that its files bear the marks of, where the job says none and it is not the usual one. */
  readonly found: MediaType | undefined;
}

function heldOf(
  config: ChannelConfig,
  { name, contentType }: OpenedChannel,
  definitions: ChannelDefinitions,
): HeldChannel {
  const isFound = !config.ContentType?.trim() && contentType.type !== usualTypeOf(definitions[name]!).type;
  return { config, found: isFound ? contentType : undefined };
}

/**
 * Where each host has its own files, some bear the marks of a type that others do not, or there are none: all read the type
 * that the first host has found.
 */
function agreedType(
  name: string,
  held: readonly (HeldChannel | undefined)[],
  names: readonly string[],
): MediaType | undefined {
  const types = held.map((one) => one?.found);
  const first = types.findIndex((type) => type !== undefined);
  const agreed = types[first];
  const other = types.findIndex((type) => type !== undefined && type.type !== agreed?.type);
  if (other < 0) return agreed;
  throw new ClientError(
    'E_CONTENT_TYPE',
    `Channel "${name}": the files must have the same content type on all hosts; received ${agreed?.type} on host ${names[first]} and ${types[other]!.type} on host ${names[other]}.`,
  );
}
