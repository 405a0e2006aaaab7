/**
 * What training leaves in /opt/ml/model: the algorithm's files and `.manifest.json`, which says who wrote the
 * model, in which format, for rows of which shape, with a digest of each file. No time or host is in it: equal models are
 * equal bytes. Files are written apart and moved into place, the manifest last, so that a stop leaves the older model, the
 * newer one or none, never half a model.
 */
import { renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDirectory } from '../directory.js';
import { AlgorithmError, ContractError, messageOf, PlatformError } from '../errors.js';
import { MANIFEST_FILE, moveIntoPlace, OLD_MANIFEST_FILE, STAGING_DIRECTORY } from './directory.js';
import { isModelFileName } from './file-name.js';
import { modelInputProblem } from './input-problem.js';
import { describeModel, type Identity, inputOf } from './manifest.js';
import type { Manifest } from './manifest-rules.js';
import type { ModelFiles } from './model.js';
import { isStream, StreamFailure, type WrittenFile, writeContent, writeStream } from './write-content.js';

export interface ModelWriter {
  /**
   * Replaces the model. Without a stream among its files all of it is on disk when the call returns, and the promise is
   * settled; of several at work together the one that was called last stays.
   * @returns total size in bytes
   * @throws PlatformError E_OUTPUT when the directory cannot be written; AlgorithmError for a model that breaks a rule; what
   *   a stream throws
   */
  save(model: ModelFiles): Promise<number>;
}

/** @param onSaved called as soon as a model is in place */
export function createModelWriter(
  directory: string,
  identity: Identity,
  onSaved: (bytes: number) => void = () => undefined,
): ModelWriter {
  let begun = 0;
  let last = 0;
  return {
    async save(model) {
      checkModelFiles(model);
      const number = ++begun;
      const staging = join(directory, STAGING_DIRECTORY, String(number));
      try {
        rmSync(staging, { recursive: true, force: true });
        const written = new Map<string, WrittenFile>();
        for (const [name, content] of Object.entries(model.files)) {
          const path = join(staging, name);
          makeDirectory(dirname(path));
          written.set(name, isStream(content) ? await writeStream(path, content) : writeContent(path, content));
        }
        const manifestBytes = writeManifest(staging, describeModel(inputOf(model), written, identity));
        const bytes = [...written.values()].reduce((sum, file) => sum + file.bytes, manifestBytes);
        if (number > last) {
          last = number;
          moveIntoPlace(directory, staging);
          onSaved(bytes);
        }
        return bytes;
      } catch (error) {
        if (error instanceof StreamFailure) throw error.cause;
        throw error instanceof ContractError ? error : unwritable(directory, error);
      } finally {
        removeStaging(staging);
      }
    },
  };
}

/**
 * Writes a model directory outside a training job: what a script that makes the model of a model package ends with.
 * @param identity the definition, which is in the manifest with its name and version
 * @throws as `ModelWriter.save`
 */
export async function writeModel(directory: string, model: ModelFiles, identity: Identity): Promise<void> {
  makeDirectory(directory);
  await createModelWriter(directory, identity).save(model);
}

// --- internal ---

function checkModelFiles(model: ModelFiles): void {
  const problem = modelInputProblem(model);
  if (problem !== undefined) throw new AlgorithmError('E_ALGORITHM', `saveModel: ${problem}.`);
  const names = Object.keys(model.files);
  for (const name of names) {
    const below = names.find((other) => other.startsWith(`${name}/`));
    if (below !== undefined) {
      throw new AlgorithmError('E_ALGORITHM', `saveModel: "${name}" cannot be a file and the folder of "${below}".`);
    }
    if (!isModelFileName(name) || name === OLD_MANIFEST_FILE) {
      throw new AlgorithmError('E_ALGORITHM', `saveModel: "${name}" is not a usable file name for a model archive.`);
    }
  }
}

/** Under its name only once it is whole: it says that all other files are. @returns its bytes */
function writeManifest(staging: string, manifest: Manifest): number {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  const path = join(staging, MANIFEST_FILE);
  makeDirectory(staging);
  writeFileSync(`${path}.part`, text, { flush: true });
  renameSync(`${path}.part`, path);
  return text.length;
}

function unwritable(directory: string, error: unknown): PlatformError {
  const reason = messageOf(error);
  return new PlatformError('E_OUTPUT', `The model could not be written to ${directory}: ${reason}.`, { cause: error });
}

/** Other saves may be running at the same time. */
function removeStaging(staging: string): void {
  rmSync(staging, { recursive: true, force: true });
  try {
    rmdirSync(dirname(staging));
  } catch {
    // not empty, or not there
  }
}
