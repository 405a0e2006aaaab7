/**
 * A model as a serving container finds it: model.tar.gz unpacked into /opt/ml/model, read-only.
 * Source: AWS guide "Custom Inference Code with Hosting Services".
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createOptMl, type OptMl } from '../container/opt-ml.js';
import { ArgumentError, JobError } from '../errors.js';
import { copyReadOnly, listFiles, makeReadOnly } from '../files/file-tree.js';
import { unpackArchive } from '../files/unpack-archive.js';
import { LIST_FILE } from '../training/job-results.js';

/**
 * A fresh tree below `workDirectory` with the model in it.
 * @param model model.tar.gz of a training job, or a folder with its unpacked files; undefined: none
 * @param stop ends the copying or unpacking, which then throws the signal's reason
 * @throws ArgumentError when there is no such path, or it is the output folder of a training job
 * @throws JobError when the archive cannot be used or has nothing in it
 */
export async function prepareModel(
  model: string | undefined,
  workDirectory: string,
  stop?: AbortSignal,
): Promise<OptMl> {
  if (model === undefined) return createOptMl(workDirectory);
  if (!existsSync(model))
    throw new ArgumentError(`There is no model ${model}. Give the model.tar.gz of a training job.`);
  if (existsSync(join(model, LIST_FILE))) {
    throw new ArgumentError(
      `The model must be model.tar.gz or its unpacked files; ${model} is the output folder of a training job. Give ${join(model, 'model.tar.gz')}.`,
    );
  }
  const tree = await createOptMl(workDirectory);
  if (statSync(model).isDirectory()) {
    await copyReadOnly(listFiles(model, 'Model'), tree.model, stop);
  } else {
    await unpackArchive(model, tree.model, { signal: stop });
    await makeReadOnly(tree.model);
  }
  if (readdirSync(tree.model).length === 0) throw new JobError(`${model} must contain a model; it is empty.`);
  return tree;
}
