/** The input channels of a training job, to change, add to and take from. */
import type { ChannelDraft } from '../state/training-draft.js';
import { Icon } from './icon.js';

interface ChannelsProps {
  readonly channels: readonly ChannelDraft[];
  /** Names of those that must have a place. */
  readonly required: readonly string[];
  readonly onChange: (channels: readonly ChannelDraft[]) => void;
}

const NEW_CHANNEL: ChannelDraft = { name: '', uri: '', contentType: '', origin: {} };

export function ChannelsField({ channels, required, onChange }: ChannelsProps) {
  const set = (index: number, change: Partial<ChannelDraft>) =>
    onChange(channels.map((old, i) => (i === index ? { ...old, ...change } : old)));
  return (
    <fieldset>
      <legend>Input channels</legend>
      {channels.map(({ name, uri, contentType }, i) => (
        // a channel has no other identity while its name is typed
        <div class="pair channel" key={i}>
          <input
            aria-label={`Channel ${i + 1}: name`}
            placeholder="train"
            value={name}
            onInput={({ currentTarget }) => set(i, { name: currentTarget.value })}
          />
          <input
            aria-label={`S3 URI of channel ${name || i + 1}`}
            placeholder="s3://bucket/prefix/"
            value={uri}
            required={required.includes(name)}
            onInput={({ currentTarget }) => set(i, { uri: currentTarget.value })}
          />
          <input
            aria-label={`Content type of channel ${name || i + 1}`}
            placeholder="text/csv"
            value={contentType}
            onInput={({ currentTarget }) => set(i, { contentType: currentTarget.value })}
          />
          <button
            type="button"
            class="bare"
            aria-label={`Remove channel ${name || i + 1}`}
            onClick={() => onChange(channels.filter((_, at) => at !== i))}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
      <button type="button" class="small" onClick={() => onChange([...channels, NEW_CHANNEL])}>
        <Icon name="plus" /> Channel
      </button>
    </fieldset>
  );
}
