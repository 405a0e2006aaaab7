/** Images made of files, for the tests of what is read from them: each layer a tar archive in a folder of the test. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { create } from 'tar';
import type { ImageLayer } from '../../src/image/export.js';
import { makeFolder, writeFiles } from '../scene.js';

export async function makeLayer(
  files: Readonly<Record<string, string>>,
  modes: Readonly<Record<string, number>> = {},
): Promise<ImageLayer> {
  const folder = writeFiles(makeFolder(), files);
  for (const [path, mode] of Object.entries(modes)) chmodSync(join(folder, path), mode);
  return packLayer(folder);
}

/** Everything in a folder as a layer, links as links. */
export async function packLayer(folder: string): Promise<ImageLayer> {
  const path = join(makeFolder(), 'layer.tar.gz');
  await create({ file: path, cwd: folder, gzip: true }, ['.']);
  return { diffId: 'sha256:0', compressedBytes: 0, path };
}
