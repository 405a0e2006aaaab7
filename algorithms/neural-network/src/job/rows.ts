/** The rows of a job's channels as training and evaluation read them, within the memory that the job gives them. */
import type { Block, Channel, Communicator, ReplayableRows } from '@algo/contract';
import type { Backend } from '../backends/backend.js';
import { createEvaluationRows, type EvaluationRows } from '../data/evaluation-rows.js';
import { requireLabels } from '../data/labels.js';
import { classCountOf, fittingRows, readWindows, type Window } from '../data/row-chunks.js';
import { openRows, type Scan } from '../data/scan.js';
import { sharedCapacity, shareWindows } from '../data/shared-windows.js';
import { createTrainingRows, type TrainingRows } from '../data/training-rows.js';
import type { Job } from '../definition.js';
import type { Settings } from '../hyperparameters/settings.js';
import type { NetworkDefinition } from '../network/definition.js';
import type { Plan } from './plan.js';

/** The backend wasm addresses 4 GiB: rows, the same shuffled, validation rows, and what a step needs. */
const WASM_DATA_BYTES = 2 ** 30;

/** The rows of channel `train`; those that the scan kept are dropped once they are on the device. */
export function trainingRows(job: Job, hosts: Communicator, backend: Backend, scan: Scan, plan: Plan): TrainingRows {
  const { settings, network, classWeights } = plan;
  const { batchSize, seed } = settings;
  const { definition } = network;
  const fitting = leastOf(hosts, fittingRows(definition, deviceBytes(settings, backend)));
  const capacity = sharedCapacity(scan.rowsOfHosts, fitting, batchSize);
  const sizes = shareWindows(scan.rowsOfHosts, capacity).map((shares) => shares[hosts.rank]!);
  const isResident = capacity >= scan.rows;
  if (!isResident) {
    job.log.info(
      `data_memory_mb=${settings.dataBytes / 2 ** 20} fits ${capacity} rows: channel "train" is read again in every epoch`,
    );
  }
  const windows = async function* (): AsyncGenerator<Window, void, undefined> {
    yield* readWindows(labelledBlocks(job.channels.train, scan.source, definition), {
      ...network,
      capacity: sizes.reduce((one, other) => Math.max(one, other)),
      sizes: sizes.filter((size) => size > 0),
      expectedRows: scan.rowsOfHosts[hosts.rank]!,
    });
    if (isResident) scan.source.release();
  };
  const { operations } = backend;
  return createTrainingRows({
    operations,
    definition,
    rows: scan.rows,
    hosts: { communicator: hosts, rows: scan.rowsOfHosts, numbers: scan.numbers },
    capacity,
    batchSize,
    seed,
    classWeights,
    stop: stopOfReads(job, hosts),
    windows,
  });
}

/** The rows of channel `validation`, when the job has it. */
export function validationRows(
  job: Job,
  hosts: Communicator,
  backend: Backend,
  { columnNames, categoryNames: categories }: Pick<Scan, 'columnNames' | 'categoryNames'>,
  { settings, network }: Pick<Plan, 'settings' | 'network'>,
): EvaluationRows | undefined {
  const { validation } = job.channels;
  if (!validation) return undefined;
  const { definition } = network;
  const bytes = deviceBytes(settings, backend);
  const capacity = Math.max(1, fittingRows(definition, bytes));
  const rows = openRows(hosts.size > 1 ? withoutHosts(validation) : validation, {
    hasWeights: settings.hasWeights,
    featureCount: definition.featureCount,
    featureNames: columnNames,
    categories,
    unseenCategories: settings.unseenCategories,
    keptBytes: 0,
    stop: stopOfReads(job, hosts),
  });
  return createEvaluationRows(definition, () =>
    readWindows(labelledBlocks(validation, rows, definition), { ...network, capacity }),
  );
}

// --- internal ---

/** One pass. @throws ClientError E_DATA_LABEL, E_DATA_COLUMNS for labels that the network does not take */
async function* labelledBlocks(
  channel: Channel,
  rows: Pick<ReplayableRows, 'pass'>,
  definition: NetworkDefinition,
): AsyncGenerator<Block, void, undefined> {
  for await (const block of rows.pass()) {
    requireLabels(channel, block, classCountOf(definition), definition.outputCount);
    yield block;
  }
}

const NO_STOP = { requested: false };

/** Several hosts agree on a stop between two steps: where one ended within a pass, the others would wait for it. */
function stopOfReads({ stop }: Job, { size }: Communicator) {
  return size > 1 ? NO_STOP : stop;
}

/** Hosts may have more parts than others, so that their passes end at different times: each agrees with itself alone. */
function withoutHosts({ hosts: _, ...channel }: Channel): Channel {
  return { ...channel, isShard: true };
}

function leastOf(hosts: Communicator, value: number): number {
  const negative = Float64Array.of(-value);
  hosts.max(negative);
  return -negative[0]!;
}

/** Memory that the rows of a channel may take on the device. */
function deviceBytes({ dataBytes }: Settings, { name }: Backend): number {
  return name === 'wasm' ? Math.min(dataBytes, WASM_DATA_BYTES) : dataBytes;
}
