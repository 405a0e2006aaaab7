/**
 * Packing: models as the bytes of their files. A stop is noticed between two trees. A stopped job needs this model, so
 * packing continues and logs the stop; if no model is wanted at a stop, packing ends.
 */
import { ClientError, type Log, type StopSignal, stopNameOf } from '@algo/contract';
import { withLooks } from '../engine/interruption.js';
import type { Ensemble } from '../ensemble/tree.js';
import { writeUbjson } from '../model/write.js';

export interface PackOptions {
  readonly stop: StopSignal;
  readonly log: Pick<Log, 'info'>;
  /** Hyperparameter save_model_on_termination. */
  readonly savesAtStop: boolean;
}

/** @throws ClientError E_STOPPED at a stop, where none is to be saved then */
export function packModels(
  models: readonly Ensemble[],
  { stop, log, savesAtStop }: PackOptions,
): readonly Uint8Array<ArrayBufferLike>[] {
  let isSeen = stop.requested && savesAtStop; // a stop from before is why the models are packed
  const look = () => {
    if (isSeen || !stop.requested) return;
    isSeen = true;
    if (!savesAtStop) {
      throw new ClientError(
        'E_STOPPED',
        `The job was stopped (${stopNameOf(stop)}) while its model was being packed, and save_model_on_termination is false: there is no model.`,
      );
    }
    log.info(`stopped (${stopNameOf(stop)}) while the model was being packed: it is complete and saved`);
  };
  return withLooks(look, () => models.map((model) => writeUbjson(model)));
}
