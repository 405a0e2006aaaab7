/**
 * A built image as a registry would get it: manifest, configuration and compressed layers. Podman and buildah push into
 * a folder; docker has only an archive, whose layers are compressed here as its push would do.
 * Sources: Docker Registry HTTP API V2, image manifest version 2 schema 2; OCI image specification 1.1.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { extract } from 'tar';
import { z } from 'zod';
import { callEngine, type Engine } from '../container/engine.js';
import { checkImageReference } from '../container/image-reference.js';
import { JobError } from '../errors.js';
import { makeFolder } from '../files/folder.js';

export interface ExportedImage {
  /** Media type of what the image's name points to: a manifest, or an index of several. */
  readonly manifestType: string;
  /** Of the manifest, `sha256:…`; unknown before a push of docker. */
  readonly digest: string | undefined;
  readonly config: ImageConfig;
  /** The file of the configuration, to the byte. */
  readonly configPath: string;
  /** The lowest first. */
  readonly layers: readonly ImageLayer[];
}

export interface ImageLayer {
  /** Of the content, uncompressed: `sha256:…`. */
  readonly diffId: string;
  readonly compressedBytes: number;
  /** The layer as a tar file, compressed or not. */
  readonly path: string;
}

const configSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  config: z
    .looseObject({
      Entrypoint: z.array(z.string()).nullish(),
      Cmd: z.array(z.string()).nullish(),
      User: z.string().nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
      Env: z.array(z.string()).nullish(),
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    })
    .default({}),
  rootfs: z.looseObject({ diff_ids: z.array(z.string()) }),
});

/** The configuration of an image, under its own names. */
export type ImageConfig = z.output<typeof configSchema>;

export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';

/**
 * @param folder gets the files; an empty one
 * @throws ArgumentError when no image can have the name
 * @throws JobError when the engine has no such image, or what it writes cannot be read
 */
export async function exportImage(engine: Engine, image: string, folder: string): Promise<ExportedImage> {
  checkImageReference(image);
  makeFolder(folder);
  return engine.name === 'docker' ? exportFromDocker(engine, image, folder) : exportByPush(engine, image, folder);
}

/**
 * Writes the image as one file in the format of `docker save`, which every scanner reads; gives its path.
 * @throws JobError when the engine cannot
 */
export async function saveArchive(engine: Engine, image: string, path: string): Promise<string> {
  const args = engine.name === 'docker' ? ['save', '--output', path, image] : ['push', image, `docker-archive:${path}`];
  await callEngine(engine, args);
  return path;
}

/** Whether a file begins as gzip does. */
export async function isGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

// --- internal ---

const pushedSchema = z.looseObject({
  mediaType: z.string(),
  config: z.looseObject({ digest: z.string() }),
  layers: z.array(z.looseObject({ digest: z.string(), size: z.number() })),
});

async function exportByPush(engine: Engine, image: string, folder: string): Promise<ExportedImage> {
  await callEngine(engine, ['push', ...(engine.name === 'podman' ? ['--compress'] : []), image, `dir:${folder}`]);
  const text = readFileSync(join(folder, 'manifest.json'));
  const manifest = parse(pushedSchema, text, 'manifest');
  const blob = (digest: string) => join(folder, digest.replace('sha256:', ''));
  const config = parse(configSchema, readFileSync(blob(manifest.config.digest)), 'configuration');
  return {
    manifestType: manifest.mediaType,
    digest: `sha256:${createHash('sha256').update(text).digest('hex')}`,
    config,
    configPath: blob(manifest.config.digest),
    layers: manifest.layers.map(({ digest, size }, i) => ({
      diffId: config.rootfs.diff_ids[i] ?? digest,
      compressedBytes: size,
      path: blob(digest),
    })),
  };
}

const savedSchema = z.array(z.looseObject({ Config: z.string(), Layers: z.array(z.string()) })).min(1);
const indexSchema = z.looseObject({
  manifests: z.array(z.looseObject({ mediaType: z.string(), digest: z.string() })).min(1),
});

async function exportFromDocker(engine: Engine, image: string, folder: string): Promise<ExportedImage> {
  const archive = join(folder, 'image.tar');
  await saveArchive(engine, image, archive);
  await extract({ file: archive, cwd: folder });
  const saved = parse(savedSchema, readFileSync(join(folder, 'manifest.json')), 'archive')[0]!;
  const config = parse(configSchema, readFileSync(join(folder, saved.Config)), 'configuration');
  const index = join(folder, 'index.json');
  const manifestType = existsSync(index) ? typeOf(parse(indexSchema, await readFile(index), 'index')) : DOCKER_MANIFEST; // engines before 25 write no index, and push this
  const layers: ImageLayer[] = [];
  for (const [i, name] of saved.Layers.entries()) {
    const path = join(folder, name);
    layers.push({
      diffId: config.rootfs.diff_ids[i] ?? name,
      compressedBytes: await countBytes(
        (await isGzip(path)) ? createReadStream(path) : createReadStream(path).pipe(createGzip()),
      ),
      path,
    });
  }
  return { manifestType, digest: undefined, config, configPath: join(folder, saved.Config), layers };
}

/** What the name points to; an archive that lists several things, such as an image and its attestation, is an index. */
function typeOf({ manifests }: z.output<typeof indexSchema>): string {
  const isSingle = new Set(manifests.map(({ digest }) => digest)).size === 1;
  return isSingle ? manifests[0]!.mediaType : OCI_INDEX;
}

function parse<T>(schema: z.ZodType<T>, text: Buffer, what: string): T {
  const parsed = schema.safeParse(JSON.parse(text.toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new JobError(`The image's ${what} cannot be read:\n${z.prettifyError(parsed.error)}`);
}

async function countBytes(content: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of content) bytes += (chunk as Buffer).length;
  return bytes;
}
