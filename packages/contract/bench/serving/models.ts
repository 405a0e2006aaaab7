/** The models that are served: ours, trained here, and for the peers the same trees and a fit of the same data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchContext, makeTrainingTree, regressionTable, runNode } from '@algo/bench';

export type ModelName = 'linear' | 'trees';

/** A model of ours and how the others come by it. */
export interface ServedModel {
  readonly name: ModelName;
  readonly features: number;
  /** Of the algorithm; it takes `serve`. */
  readonly program: string;
  /** The algorithm's folder and the model's. */
  readonly algorithm: string;
  readonly folder: string;
  /** Points the program at the model. */
  readonly variables: Readonly<Record<string, string>>;
  /** The file that Python's servers load; undefined without Python. */
  readonly python: string | undefined;
  /** Intercept and weights of a linear one. */
  readonly weights: readonly number[] | undefined;
  /** Rows of CSV without line ends, which the model was not trained on. */
  readonly rows: readonly string[];
}

export interface Models {
  readonly linear: ServedModel;
  readonly trees: ServedModel;
  /** Trees for the large files. */
  readonly wide: ServedModel;
}

export const PEERS = join(import.meta.dirname, 'peers');
/** Columns of the large files. */
const WIDE_FEATURES = 29;
const FEATURES = 10;
const TREES = { objective: 'reg:squarederror', num_round: '100', max_depth: '6' } as const;

export async function prepareModels(context: BenchContext): Promise<Models> {
  const { python, workDirectory, progress } = context;
  progress('models');
  const narrow = { rows: 20_000, features: FEATURES, seed: 7 };
  const wide = { rows: 100_000, features: WIDE_FEATURES, seed: 8 };
  const linear = await train(context, { folder: 'linear-regression', name: 'linear', table: narrow });
  const { intercept, coefficients }: { intercept: number; coefficients: readonly number[] } = JSON.parse(
    readFileSync(join(linear.folder, 'model.json'), 'utf8'),
  );
  const fitted = join(workDirectory, 'linear.joblib');
  const missing = python.missing(['numpy', 'scikit-learn']);
  if (missing === undefined) {
    await python.run(join(PEERS, 'fit_linear.py'), [regressionTable(context.dataDirectory, narrow), fitted]);
  }
  return {
    linear: { ...linear, weights: [intercept, ...coefficients], python: missing === undefined ? fitted : undefined },
    trees: await train(context, { folder: 'gradient-boosting', name: 'trees', table: narrow }),
    wide: await train(context, { folder: 'gradient-boosting', name: 'trees', table: wide }),
  };
}

// --- internal ---

interface Training {
  readonly folder: 'linear-regression' | 'gradient-boosting';
  readonly name: ModelName;
  readonly table: { readonly rows: number; readonly features: number; readonly seed: number };
}

/** Rows of other seeds are rows that the model does not know. */
async function train(
  { dataDirectory, workDirectory }: BenchContext,
  { folder, name, table }: Training,
): Promise<ServedModel> {
  const algorithm = join(import.meta.dirname, '..', '..', '..', '..', 'algorithms', folder);
  const program = join(algorithm, 'dist', 'main.js');
  const directory = join(workDirectory, `${name}-${table.features}`);
  const variables = makeTrainingTree({
    directory,
    hyperparameters: name === 'trees' ? TREES : {},
    channels: { train: regressionTable(dataDirectory, table) },
  });
  await runNode({ args: [program, 'train'], variables });
  const unseen = regressionTable(dataDirectory, { rows: 1000, features: table.features, seed: 9, hasLabel: false });
  return {
    name,
    features: table.features,
    program,
    algorithm,
    folder: join(directory, 'model'),
    variables: { SAGEMAKER_BASE_DIR: directory },
    python: join(directory, 'model', 'xgboost-model.ubj'),
    weights: undefined,
    rows: readFileSync(unseen, 'utf8').trimEnd().split('\n'),
  };
}
