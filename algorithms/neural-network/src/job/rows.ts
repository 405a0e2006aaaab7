/** The rows of a job's channels as training and evaluation read them, within the memory that the job gives them. */
import type { Backend } from '../backends/backend.js';
import { createEvaluationRows, type EvaluationRows } from '../data/evaluation-rows.js';
import { readWindows, type Window, windowCapacity } from '../data/row-chunks.js';
import { openRows, type Scan } from '../data/scan.js';
import { createTrainingRows, type TrainingRows } from '../data/training-rows.js';
import type { Job } from '../definition.js';
import type { Settings } from '../hyperparameters/settings.js';
import type { Plan } from './plan.js';

/** The backend wasm addresses 4 GiB: rows, the same shuffled, validation rows, and what a step needs. */
const WASM_DATA_BYTES = 2 ** 30;

/** The rows of channel `train`; those that the scan kept are dropped once they are on the device. */
export function trainingRows(job: Job, backend: Backend, scan: Scan, plan: Plan): TrainingRows {
  const { settings, network, classWeights } = plan;
  const { batchSize, seed } = settings;
  const { definition } = network;
  const capacity = windowCapacity(definition, { bytes: deviceBytes(settings, backend), rows: scan.rows, batchSize });
  const isResident = capacity >= scan.rows;
  if (!isResident) {
    job.log.info(
      `data_memory_mb=${settings.dataBytes / 2 ** 20} fits ${capacity} rows: channel "train" is read again in every epoch`,
    );
  }
  const windows = async function* (): AsyncGenerator<Window, void, undefined> {
    yield* readWindows(scan.source.pass(), { ...network, capacity, expectedRows: scan.rows });
    if (isResident) scan.source.release();
  };
  const { operations } = backend;
  return createTrainingRows({
    operations,
    definition,
    rows: scan.rows,
    capacity,
    batchSize,
    seed,
    classWeights,
    stop: job.stop,
    windows,
  });
}

/** The rows of channel `validation`, when the job has it. */
export function validationRows(
  job: Job,
  backend: Backend,
  { columnNames, categoryNames: categories }: Pick<Scan, 'columnNames' | 'categoryNames'>,
  { settings, network }: Pick<Plan, 'settings' | 'network'>,
): EvaluationRows | undefined {
  const { validation } = job.channels;
  if (!validation) return undefined;
  const { definition } = network;
  const bytes = deviceBytes(settings, backend);
  const capacity = windowCapacity(definition, { bytes, rows: Number.POSITIVE_INFINITY, batchSize: 1 });
  const rows = openRows(validation, {
    hasWeights: settings.hasWeights,
    featureCount: definition.featureCount,
    featureNames: columnNames,
    categories,
    unseenCategories: settings.unseenCategories,
    keptBytes: 0,
    stop: job.stop,
  });
  return createEvaluationRows(definition, () => readWindows(rows.pass(), { ...network, capacity }));
}

// --- internal ---

/** Memory that the rows of a channel may take on the device. */
function deviceBytes({ dataBytes }: Settings, { name }: Backend): number {
  return name === 'wasm' ? Math.min(dataBytes, WASM_DATA_BYTES) : dataBytes;
}
