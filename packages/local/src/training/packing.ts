/**
 * Packs what a program left in /opt/ml/model and /opt/ml/output/data. It may take long: StopTrainingJob meanwhile gives it the
 * grace that it gives a program. The model of a job that was stopped before is packed to the end.
 */
import { appendFileSync } from 'node:fs';
import { asOnPlatform, type OptMl } from '../container/opt-ml.js';
import { isImageProgram } from '../container/program.js';
import { JobError, messageOf } from '../errors.js';
import { packFolders } from '../files/pack-archive.js';
import { labelOf } from './hosts.js';
import type { JobResults } from './job-results.js';
import { STOP_GRACE_MS } from './stopping-condition.js';
import type { TrainingJobRequest } from './training-request.js';

export interface Packed {
  readonly hasModel: boolean;
  readonly hasOutput: boolean;
  /** It was asked to stop, and took longer than the grace: there are no archives. */
  readonly wasStopped: boolean;
}

/** @param trees of the job's hosts @throws JobError when it fails or is abandoned */
export async function packArtifacts(
  trees: readonly OptMl[],
  request: TrainingJobRequest,
  results: JobResults,
): Promise<Packed> {
  const { program, onEvent } = request;
  const log = (line: string) => {
    appendFileSync(results.staged('log.txt'), `${line}\n`);
    onEvent?.({ type: 'log', line });
  };
  onEvent?.({ type: 'training-status', status: 'Uploading' });
  const limit = limitPacking(request);
  const pack = (which: 'model' | 'outputData', name: string) => {
    const folders = trees.map((tree) => ({
      folder: tree[which],
      within: isImageProgram(program) ? tree.base : undefined,
    }));
    return packFolders(folders, results.staged(name), {
      signal: limit.signal,
      onLeftOut(path, why, index) {
        const folder = asOnPlatform(folders[index]!.folder, trees[index]!);
        log(`${folder}/${path}${trees.length > 1 ? ` of ${labelOf(index)}` : ''} is not in ${name}: ${why}.`);
      },
    });
  };
  try {
    const hasModel = await pack('model', 'model.tar.gz');
    const hasOutput = await pack('outputData', 'output.tar.gz');
    return { hasModel, hasOutput, wasStopped: false };
  } catch (error) {
    if (limit.signal.aborted && !request.abandon?.aborted) {
      results.discard('model.tar.gz');
      log('The job was stopped before its model and output were packed; they are not kept.');
      return { hasModel: false, hasOutput: false, wasStopped: true };
    }
    throw new JobError(`The job's artifacts could not be packed: ${messageOf(error)}.`, { cause: error });
  } finally {
    limit.close();
  }
}

// --- internal ---

function limitPacking({ stop, abandon, stopGraceMs = STOP_GRACE_MS }: TrainingJobRequest) {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    timer = setTimeout(() => late.abort(), stopGraceMs);
  };
  stop?.addEventListener('abort', begin, { once: true }); // one that has aborted is not heard again
  return {
    signal: abandon ? AbortSignal.any([late.signal, abandon]) : late.signal,
    close() {
      clearTimeout(timer);
      stop?.removeEventListener('abort', begin);
    },
  };
}
