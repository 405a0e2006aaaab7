/** The rows of a job's channels as training and evaluation read them, within the memory that the job gives them. */
import type { Backend } from '../backends/backend.js';
import { createEvaluationRows, type EvaluationRows } from '../data/evaluation-rows.js';
import { readWindows, requireSameRows, type Window, windowCapacity } from '../data/row-chunks.js';
import { readOptions, type Scan } from '../data/scan.js';
import { createTrainingRows, type TrainingRows } from '../data/training-rows.js';
import type { Job } from '../definition.js';
import type { Hyperparameters } from '../hyperparameters/index.js';
import type { TrainedNetwork } from '../network/definition.js';
import type { Plan } from './plan.js';

/** The backend wasm addresses 4 GiB: rows, the same shuffled, validation rows, and what a step needs. */
const WASM_DATA_BYTES = 2 ** 30;

/** The rows of channel `train`; those that the scan kept are dropped once they are on the device. */
export function trainingRows(job: Job, backend: Backend, scan: Scan, { network, classWeights }: Plan): TrainingRows {
  const { hyperparameters: values, channels } = job;
  const { batch_size: batchSize, seed } = values;
  const { definition } = network;
  const capacity = windowCapacity(definition, { bytes: dataBytes(values, backend), rows: scan.rows, batchSize });
  const isResident = capacity >= scan.rows;
  if (!isResident) {
    job.log.info(
      `data_memory_mb=${values.data_memory_mb} holds ${capacity} rows: channel "train" is read in every epoch`,
    );
  }
  const options = readOptions({
    hasWeights: values.csv_weights === 1,
    featureCount: scan.columns,
    featureNames: scan.columnNames,
  });
  const windows = async function* (): AsyncGenerator<Window, void, undefined> {
    let count = 0;
    const blocks = scan.kept ?? channels.train.blocks(options);
    for await (const window of readWindows(blocks, { ...network, capacity, expectedRows: scan.rows, stop: job.stop })) {
      count += window.rows;
      yield window;
    }
    requireSameRows(channels.train.name, scan.rows, count);
    if (isResident) scan.dropRows();
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
  scan: Pick<Scan, 'columnNames'>,
  network: TrainedNetwork,
): EvaluationRows | undefined {
  const { hyperparameters: values, channels } = job;
  const { validation } = channels;
  if (!validation) return undefined;
  const { definition } = network;
  const capacity = windowCapacity(definition, {
    bytes: dataBytes(values, backend),
    rows: Number.POSITIVE_INFINITY,
    batchSize: 1,
  });
  const options = readOptions({
    hasWeights: values.csv_weights === 1,
    featureCount: definition.featureCount,
    featureNames: scan.columnNames,
  });
  return createEvaluationRows(definition, () =>
    readWindows(validation.blocks(options), { ...network, capacity, stop: job.stop }),
  );
}

// --- internal ---

/** Memory that the rows of a channel may take on the device. */
function dataBytes({ data_memory_mb }: Hyperparameters, { name }: Backend): number {
  const bytes = data_memory_mb * 2 ** 20;
  return name === 'wasm' ? Math.min(bytes, WASM_DATA_BYTES) : bytes;
}
