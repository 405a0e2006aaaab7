/**
 * A channel of image files as one of rows, so that training reads both alike: each image is a row of pixel values with its
 * label. In File mode the folder of a file is its label, a number or the name of a class: `train/3/a.png`, `train/cats/a.png`; in
 * Pipe mode the attribute of an augmented manifest, a number.
 * Passes decode again, which takes less memory than keeping what is not asked for.
 */
import { type Block, type BlockOptions, type ChannelItem, ClientError, type EitherChannel } from '@algo/contract';
import { ImageError, type ImageShape, imageFeatures } from './image.js';
import { IMAGE_TYPES, MAX_IMAGE_BYTES, openImage } from './open.js';

type ImageAttributes = 'source-ref' | 'label';
export type ImageChannel = EitherChannel<ImageAttributes>;

/**
 * The channel as it is where it has rows, else with its images as rows.
 * @param shape of the images; undefined for a network of tables
 * @param isTraining whether the folders say which classes there are, where nothing else does
 * @throws ClientError E_HYPERPARAMETER for images without a shape
 */
export function withImageRows(channel: ImageChannel, shape: ImageShape | undefined, isTraining: boolean): ImageChannel {
  if (channel.content === 'rows') return channel;
  const { name, contentType } = channel;
  if (shape === undefined) {
    throw new ClientError(
      'E_HYPERPARAMETER',
      `Hyperparameter "input_shape" is required with images: channel "${name}" has ${contentType.type}. Give their height, width and channels, such as 28,28,1.`,
    );
  }
  let classes: { readonly names: readonly string[] | undefined } | undefined;
  const blocks = ({ categories }: BlockOptions = {}) => {
    const known = categories === 'none' ? undefined : categories?.labels[0];
    if (isTraining && categories === undefined) classes ??= { names: classNames(channel) };
    const names = known ?? (categories === undefined ? classes?.names : undefined);
    return { [Symbol.asyncIterator]: () => imageRows(channel, shape, names) };
  };
  // No pass asks for a precision: pixels are what they are.
  return { ...channel, ...({ blocks, blocksAsStored: blocks } as Pick<ImageChannel, 'blocks' | 'blocksAsStored'>) };
}

// --- internal ---

/** A block per image, so that what is wrong with a row is said of its file. @param names of the classes, by number */
async function* imageRows(
  channel: ImageChannel,
  shape: ImageShape,
  names: readonly string[] | undefined,
): AsyncGenerator<Block, void, undefined> {
  const columns = shape.reduce((size, side) => size * side, 1);
  const categories = names && { labels: [names], features: new Array<undefined>(columns).fill(undefined) };
  for await (const item of channel.items()) {
    const features = await featuresOf(item, shape, channel.contentType.type);
    yield {
      rows: 1,
      columns: features.length,
      features,
      labelCount: 1,
      labels: Float64Array.of(names ? classOf(item, names) : labelOf(item)),
      ...(categories && { categories }),
      source: item.label,
      firstLine: 1,
    };
  }
}

/** application/x-image is any of the types, recognized by the bytes. */
async function featuresOf(item: ChannelItem<ImageAttributes>, shape: ImageShape, contentType: string) {
  const type = IMAGE_TYPES.find((known) => known === contentType);
  const bytes = await item.bytes();
  try {
    return await imageFeatures(openImage(type, bytes, MAX_IMAGE_BYTES), shape, item.label);
  } catch (cause) {
    if (!(cause instanceof ImageError)) throw cause;
    throw new ClientError('E_DATA_FORMAT', `${item.label} must be ${contentType}: ${cause.message}.`, { cause });
  }
}

const NUMBER = /^[+-]?\d+(\.\d+)?$/;

/** The folder that an image is in. */
function folderOf(name: string): string {
  return name.split('/').at(-2) ?? '';
}

/**
 * Names of the folders of all hosts in the order of their bytes, as with text in a table; undefined where all are numbers.
 */
function classNames({ mode, files, hosts }: ImageChannel): readonly string[] | undefined {
  if (mode === 'Pipe') return undefined;
  const own = [...new Set(files().map(({ name }) => folderOf(name)))];
  const folders = [...new Set((hosts?.communicator.gatherValues(own) ?? [own]).flat())];
  if (folders.every((folder) => NUMBER.test(folder)) || folders.includes('')) return undefined;
  return folders.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** @throws ClientError E_DATA_CATEGORY for a folder that is none of the classes */
function classOf({ name = '', label }: ChannelItem<ImageAttributes>, names: readonly string[]): number {
  const index = names.indexOf(folderOf(name));
  if (index >= 0) return index;
  throw new ClientError(
    'E_DATA_CATEGORY',
    `${label}: the folder of an image must be one of the classes of the training data; received ${JSON.stringify(folderOf(name))}.`,
  );
}

/** @throws ClientError E_DATA_NUMBER for a folder or attribute that is no finite number */
function labelOf({ name, label, attributes }: ChannelItem<ImageAttributes>): number {
  if (name === undefined) {
    const value = attributes.label;
    if (typeof value === 'number') return finite(value, label);
    throw new ClientError(
      'E_DATA_NUMBER',
      `${label}: the label must be a number; received ${JSON.stringify(value)}. Put the label second in AttributeNames.`,
    );
  }
  const folder = folderOf(name);
  if (NUMBER.test(folder)) return finite(Number(folder), label);
  throw new ClientError(
    'E_DATA_NUMBER',
    `${label}: the folder of an image must be its label, such as ${label.split('/')[0]}/3/…; received ${JSON.stringify(folder)}.`,
  );
}

/** JSON and folders may spell numbers that are too large for float32, or for any: 1e999. */
function finite(value: number, label: string): number {
  if (Number.isFinite(Math.fround(value))) return value;
  throw new ClientError(
    'E_DATA_INFINITE',
    `${label}: the label must be within ±3.4028235e38, the range of float32; received ${value}.`,
  );
}
