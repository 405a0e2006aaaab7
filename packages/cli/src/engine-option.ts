/**
 * The option `--engine`, and an algorithm's image as a program.
 */
import { statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { ENGINE_NAMES, type EngineName, findEngine, type ImageProgram, openImageProgram } from '@algo/local';
import { Option } from 'commander';
import { resolveAlgorithm } from './workspace.js';

export interface EngineOptions {
  readonly engine?: EngineName;
  readonly image?: string;
}

export function engineOption(): Option {
  return new Option('--engine <name>', 'container engine (default: the first that works)').choices(ENGINE_NAMES);
}

/** An algorithm's image as a program; close its sandbox afterwards. The algorithm need not be built here. */
export async function openImage(nameOrPath: string, from: string, options: EngineOptions): Promise<ImageProgram> {
  const path = resolveAlgorithm(nameOrPath, from);
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? path : dirname(path);
  const engine = await findEngine('run', options.engine);
  return openImageProgram({ engine, image: options.image ?? imageName(folder), folder });
}

/** The default name of an algorithm's image: that of its folder. */
export function imageName(folder: string): string {
  return basename(folder);
}
