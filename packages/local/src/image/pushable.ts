/**
 * An image of an engine in the parts that a registry takes: configuration, compressed layers, and one manifest of Docker's version
 * 2 schema 2, which every scanner of Amazon reads. Nothing is sent anywhere here.
 * Source: Docker Registry HTTP API V2, image manifest version 2 schema 2.
 */
import { createReadStream, createWriteStream, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { callEngine, type Engine } from '../container/engine.js';
import { digestFile } from '../files/file-tree.js';
import { removeTree } from '../files/remove-tree.js';
import { DOCKER_MANIFEST, type ExportedImage, exportImage, isGzip } from './export.js';
import { readFiles } from './files.js';
import { bundleOfImage, isBundleFile } from './image-bundle.js';

/** An image that is to be pushed, wherever it is. */
export interface ImageSource {
  /** As messages name it. */
  readonly name: string;
  /** Whether its configuration has this digest, `sha256:…`: that is the same however layers are compressed. */
  isImage(configDigest: string): Promise<boolean>;
  /** What it is made of, whatever its name or time. */
  content(): Promise<ImageContent>;
  /** Its parts as files, which are there until `use` has ended. */
  open<T>(use: (image: PushableImage) => Promise<T>): Promise<T>;
}

export interface ImageContent {
  /** The layers, uncompressed: `sha256:…`, the lowest first. */
  readonly diffIds: readonly string[];
  /** Digest of the program's bundle; undefined where it has none of that form. */
  readonly bundle: string | undefined;
}

export interface PushableImage {
  /** To the byte. */
  readonly manifest: Buffer;
  readonly mediaType: string;
  /** Configuration and layers. */
  readonly blobs: readonly ImageBlob[];
}

export interface ImageBlob {
  readonly digest: string;
  readonly bytes: number;
  readonly path: string;
}

/** An image of an engine. Its methods throw JobError where the engine has none of that name. */
export function openEngineImage(engine: Engine, image: string): ImageSource {
  const open: ImageSource['open'] = (use) =>
    inFolder(async (folder) => use(await preparePush(await exportImage(engine, image, join(folder, 'image')), folder)));
  return {
    name: image,
    open,
    content: () => inFolder(async (folder) => contentOf(await exportImage(engine, image, folder))),
    async isImage(digest) {
      if (await hasId(engine, image, digest)) return true;
      // docker may name an image by its manifest
      return inFolder(async (folder) => {
        const { configPath } = await exportImage(engine, image, folder);
        return (await blobOf(configPath)).digest === digest;
      });
    },
  };
}

// --- internal ---

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-image-'));
  try {
    return await use(folder);
  } finally {
    await removeTree(folder);
  }
}

async function contentOf({ config, layers }: ExportedImage): Promise<ImageContent> {
  const files = await readFiles(layers, isBundleFile(config));
  return { diffIds: layers.map(({ diffId }) => diffId), bundle: bundleOfImage(config, files) };
}

const MEDIA = 'application/vnd.docker';

async function hasId(engine: Engine, image: string, digest: string): Promise<boolean> {
  const inspect =
    engine.name === 'buildah'
      ? ['inspect', '--type', 'image', '--format', '{{.FromImageID}}', image]
      : ['image', 'inspect', '--format', '{{.Id}}', image];
  const id = (await callEngine(engine, inspect)).trim();
  return `sha256:${id.replace(/^sha256:/, '')}` === digest;
}

async function preparePush({ configPath, layers }: ExportedImage, folder: string): Promise<PushableImage> {
  const config = await blobOf(configPath);
  const packed: ImageBlob[] = [];
  for (const [i, { path }] of layers.entries()) {
    packed.push(await blobOf((await isGzip(path)) ? path : await compress(path, join(folder, `layer-${i}.tar.gz`))));
  }
  const part = (type: string, { digest, bytes }: ImageBlob) => ({ mediaType: `${MEDIA}.${type}`, size: bytes, digest });
  const manifest = {
    ...{ schemaVersion: 2, mediaType: DOCKER_MANIFEST, config: part('container.image.v1+json', config) },
    layers: packed.map((layer) => part('image.rootfs.diff.tar.gzip', layer)),
  };
  return { manifest: Buffer.from(JSON.stringify(manifest)), mediaType: DOCKER_MANIFEST, blobs: [config, ...packed] };
}

async function compress(path: string, target: string): Promise<string> {
  await pipeline(createReadStream(path), createGzip(), createWriteStream(target));
  return target;
}

async function blobOf(path: string): Promise<ImageBlob> {
  return { digest: `sha256:${await digestFile(path)}`, bytes: statSync(path).size, path };
}
