/** @algo/bench: what a `bench/*.bench.ts` file needs to compare one of our programs with its peers. */

// Define a bench

export { type Bench, type BenchContext, defineBench } from './bench.js';

// Run programs

export { bundlePrograms } from './bundle-programs.js';
export { type CargoProgram, cargoFolder, cargoProgram } from './cargo.js';
export { constantRate } from './constant-rate-run.js';
export {
  HOST_BYTES,
  HOST_TIME,
  type HostProgram,
  type HostSamples,
  hostRows,
  onHosts,
  type Span,
  timeJob,
  timeRounds,
  untilEnd,
} from './host-jobs.js';
export { type HostNetwork, makeHostNetwork } from './host-network.js';
export { type Link, linkOf } from './link.js';
export { type LoadOptions, requestsPerSecond } from './load.js';
export { type Command, type Pinning, pinned, pinServerAndClient } from './pinning.js';
export type { ProcessUsage } from './process-tree.js';
export { type ProgramResult, type RunProgramOptions, runNode, runProgram } from './program.js';
export { PYTHON_VARIABLES, type PythonEnvironment, pythonEnvironment } from './python.js';
export { openServer, type Question, type RunningServer, type StartServerOptions, startServer } from './server.js';
export { type StopProgramOptions, stopProgram } from './stop.js';
export { type CheckedQuestion, wrkLoad } from './wrk.js';

// Make their input

export { dealOut, type HostTable, tableOf } from './host-table.js';
export { type RegressionTable, regressionCoefficients, regressionTable, repeatFile } from './regression-table.js';
export { makeTrainingTree, type TrainingTreeOptions } from './training-tree.js';

// Compare and report

export { alternate, alternateAll, type Contender, median, type Outcome, type Sample } from './rounds.js';
export { type Goal, type Row, type RowInput, row } from './row.js';
