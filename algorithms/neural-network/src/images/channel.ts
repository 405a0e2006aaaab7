/**
 * A channel of image files as one of rows, so that training reads both alike: each image is a row of pixel values with its
 * label. In File mode the folder of a file is its label, `train/3/cat.png`; in Pipe mode the attribute of an augmented manifest.
 * Passes decode again, which takes less memory than keeping what is not asked for.
 */
import { type Block, type ChannelItem, ClientError, type EitherChannel } from '@algo/contract';
import { decodeAnyImage, decodeImage, IMAGE_TYPES, MAX_IMAGE_BYTES } from './decode.js';
import { ImageError, type ImageShape, imageFeatures } from './image.js';

type ImageAttributes = 'source-ref' | 'label';
export type ImageChannel = EitherChannel<ImageAttributes>;

/**
 * The channel as it is where it has rows, else with its images as rows.
 * @param shape of the images; undefined for a network of tables
 * @throws ClientError E_HYPERPARAMETER for images without a shape
 */
export function withImageRows(channel: ImageChannel, shape: ImageShape | undefined): ImageChannel {
  if (channel.content === 'rows') return channel;
  const { name, contentType } = channel;
  if (shape === undefined) {
    throw new ClientError(
      'E_HYPERPARAMETER',
      `Hyperparameter "input_shape" is required with images: channel "${name}" has ${contentType.type}. Give their height, width and channels, such as 28,28,1.`,
    );
  }
  const blocks = () => ({ [Symbol.asyncIterator]: () => imageRows(channel, shape) });
  return { ...channel, blocks, blocksAsStored: blocks };
}

// --- internal ---

/** A block per image, so that what is wrong with a row is said of its file. */
async function* imageRows(channel: ImageChannel, shape: ImageShape): AsyncGenerator<Block, void, undefined> {
  for await (const item of channel.items()) {
    const features = imageFeatures(await decoded(item, channel.contentType.type), shape, item.label);
    yield {
      rows: 1,
      columns: features.length,
      features,
      labelCount: 1,
      labels: Float64Array.of(labelOf(item)),
      source: item.label,
      firstLine: 1,
    };
  }
}

/** application/x-image is any of the types, recognized by the bytes. */
async function decoded(item: ChannelItem<ImageAttributes>, contentType: string) {
  const type = IMAGE_TYPES.find((known) => known === contentType);
  const bytes = await item.bytes();
  try {
    return await (type ? decodeImage(type, bytes, MAX_IMAGE_BYTES) : decodeAnyImage(bytes, MAX_IMAGE_BYTES));
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new ClientError('E_DATA_FORMAT', `${item.label} must be ${contentType}: ${cause.message}.`, { cause });
  }
}

/** @throws ClientError E_DATA_NUMBER for a folder or attribute that is no number */
function labelOf({ name, label, attributes }: ChannelItem<ImageAttributes>): number {
  if (name === undefined) {
    const value = attributes.label;
    if (typeof value === 'number') return value;
    throw new ClientError(
      'E_DATA_NUMBER',
      `${label}: the label must be a number; received ${JSON.stringify(value)}. Put the label second in AttributeNames.`,
    );
  }
  const folder = name.split('/').at(-2) ?? '';
  if (/^[+-]?\d+(\.\d+)?$/.test(folder)) return Number(folder);
  throw new ClientError(
    'E_DATA_NUMBER',
    `${label}: the folder of an image must be its label, a number such as ${label.split('/')[0]}/3/…; received ${JSON.stringify(folder)}.`,
  );
}
