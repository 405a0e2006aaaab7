/**
 * tfjs-node's own download, TensorFlow 2.9.1 of 2022 from storage.googleapis.com, for a machine that does not reach PyPI.
 * Its installer fills its own package folder, from where the files are copied.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, globSync, symlinkSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { TFJS_NODE } from './packages.ts';

const HOST = 'https://storage.googleapis.com/tensorflow/';
const REACH_MS = 5000;

export async function downloadStock(folder: string, device: 'cpu' | 'gpu'): Promise<void> {
  await fetch(HOST, { method: 'HEAD', signal: AbortSignal.timeout(REACH_MS) }).catch((error: unknown) => {
    throw new Error(`${HOST} must be reachable for tfjs-node's own download, but is not.`, { cause: error });
  });
  const programs = join(dirname(TFJS_NODE), '.bin');
  execFileSync(process.execPath, ['scripts/install.js', device, 'download'], {
    cwd: TFJS_NODE,
    env: { ...process.env, PATH: `${programs}${delimiter}${process.env.PATH}` },
    stdio: 'inherit',
  });
  const addon = globSync(join(TFJS_NODE, 'lib', 'napi-v*', 'tfjs_binding.node')).at(-1);
  if (!addon) throw new Error(`${TFJS_NODE}/scripts/install.js must create tfjs_binding.node, but did not.`);
  // The addon looks for the libraries in ../../deps/lib.
  const place = join('lib', basename(dirname(addon)), 'tfjs_binding.node');
  cpSync(addon, join(folder, place));
  cpSync(join(TFJS_NODE, 'deps', 'lib'), join(folder, 'deps', 'lib'), { recursive: true });
  symlinkSync(place, join(folder, 'tfjs_binding.node'));
}
