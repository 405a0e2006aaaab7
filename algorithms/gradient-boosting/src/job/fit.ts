/** One model: cut points, bins, rounds, and the result in XGBoost's form. Memory of the pool is released afterwards. */
import { type Communicator, type HistoryEntry, type StopSignal, stoppedBefore } from '@algo/contract';
import { Interrupted, withLooks } from '../engine/interruption.js';
import { meet, type Team } from '../engine/team.js';
import type { Pool } from '../engine/threads/pool.js';
import type { Ensemble } from '../ensemble/tree.js';
import type { LabelledRows } from '../objectives/index.js';
import { baseMargins } from '../predict/index.js';
import { binTable, findCuts } from './bin-table.js';
import { buildEnsemble } from './ensemble.js';
import { labelledRows } from './labels.js';
import type { Plan } from './plan.js';
import { type RunData, type RunResult, type RunState, roundsOf, runRounds } from './rounds.js';
import { startMargins } from './start-model.js';
import type { Table } from './table.js';

export interface FitOptions {
  readonly pool: Pool;
  /** Each has its rows of both tables. */
  readonly hosts: Communicator;
  readonly plan: Plan;
  readonly train: Table;
  readonly validation: Table | undefined;
  readonly stop: Pick<StopSignal, 'check' | 'requested'>;
  /** The model that training continues from. */
  readonly start?: Ensemble | undefined;
  /** An interrupted run to resume. */
  readonly resume?: RunState | undefined;
  onRound?(entry: HistoryEntry): void;
  /** Asked after each round; `checkpoint` makes the run so far and all its trees as a model. */
  onCheckpoint?(checkpoint: () => { readonly state: RunState; readonly ensemble: Ensemble }, isStopped: boolean): void;
  /** Asked after each round; `make` gives what the result would be if this were the last one. */
  onModel?(make: () => Ensemble): Promise<void> | undefined;
}

export interface Fit {
  readonly ensemble: Ensemble;
  readonly state: RunState;
  readonly isStopped: boolean;
  /** [rows × groups] margins of the validation rows after the last round. */
  readonly validationMargins: Float32Array | undefined;
}

/**
 * @throws ClientError for labels that the objective or a metric cannot take; E_STOPPED when a stop comes before the end
 *   of the first round, of a run that does not resume
 */
export async function fit(options: FitOptions): Promise<Fit> {
  const { pool, hosts, stop } = options;
  const giveUp = () => {
    if (stop.requested) throw new Interrupted();
  };
  // Several hosts give up together, where they meet.
  pool.watch(hosts.size === 1 ? giveUp : undefined);
  try {
    return await fitWatched(options);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    throw stoppedBefore(`while channel "${options.train.name}" was binned`, 'a tree was grown');
  } finally {
    pool.watch(undefined);
  }
}

// --- internal ---

async function fitWatched(options: FitOptions): Promise<Fit> {
  const { pool, hosts, plan, train, validation, start, resume } = options;
  const mark = pool.arena.mark();
  const { objective } = plan;
  const rows = labelledRows(train, objective.name, hosts);
  const validationRows = validation && labelledRows(validation, objective.name, hosts);
  // A run that resumes has a model to save at a stop, for which it needs the base score.
  const baseScore = withLooks(resume ? () => undefined : pool.look, () => {
    objective.checkLabels(rows);
    if (validationRows) objective.checkLabels(validationRows);
    return start?.baseScore ?? baseScoreOf(plan, rows);
  });
  const ensembleOptions = {
    ...plan,
    baseScore,
    featureCount: train.columns,
    featureNames: train.columnNames ?? start?.featureNames,
    categories: train.categories,
    start,
  };
  const result = await binAndRun(options, { rows, validationRows, ensembleOptions }).catch((error: unknown) => {
    if (!resume || !(error instanceof Interrupted)) throw error;
    return { state: resume, rounds: roundsOf(resume, plan), isStopped: true, validationMargins: undefined };
  });
  const { state, isStopped } = result;
  const validationMargins = result.validationMargins?.slice();
  pool.arena.release(mark);
  return { ensemble: buildEnsemble(ensembleOptions, state, result.rounds), state, isStopped, validationMargins };
}

interface Labelled {
  readonly rows: LabelledRows;
  readonly validationRows: LabelledRows | undefined;
  readonly ensembleOptions: Parameters<typeof buildEnsemble>[0];
}

/** @throws Interrupted at a stop while the tables are binned */
async function binAndRun(options: FitOptions, { rows, validationRows, ensembleOptions }: Labelled): Promise<RunResult> {
  const { pool, hosts, stop, plan, train, validation, start } = options;
  const team: Team = { hosts, isStopping: () => stop.requested };
  const { objective, settings } = plan;
  const { baseScore } = ensembleOptions;
  const cuts = await findCuts(pool, train, settings, team);
  const base = baseMargins({ objective: objective.name, baseScore, groupCount: objective.groupCount });
  const startMarginsOf = async (table: Table, model: Ensemble) => {
    const margins = await startMargins(model, table, pool);
    meet(team);
    return margins;
  };
  const prepare = async (
    table: Table,
    labelled: LabelledRows,
    purpose: 'training' | 'evaluation',
  ): Promise<RunData> => ({
    dataset: await binTable(pool, table, cuts, purpose, team),
    rows: labelled,
    initialMargins: start ? await startMarginsOf(table, start) : base,
  });
  const trainData = await prepare(train, rows, 'training');
  const validationData = validation && validationRows && (await prepare(validation, validationRows, 'evaluation'));
  train.release?.();
  validation?.release?.();
  return runRounds({
    ...plan,
    hosts: options.hosts,
    train: trainData,
    validation: validationData,
    stop: options.stop,
    resume: options.resume,
    onRound: (entry) => options.onRound?.(entry),
    onState(take, isStopped) {
      options.onCheckpoint?.(() => {
        const state = take();
        return { state, ensemble: buildEnsemble({ ...ensembleOptions, start: undefined }, state) };
      }, isStopped);
      return options.onModel?.(() => {
        const state = take();
        return buildEnsemble(ensembleOptions, state, roundsOf(state, plan));
      });
    },
  });
}

function baseScoreOf({ settings: { baseScore }, objective }: Plan, rows: LabelledRows): readonly number[] {
  return baseScore === undefined ? [...objective.estimateBaseScore(rows)] : [Math.fround(baseScore)];
}
