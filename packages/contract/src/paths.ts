/**
 * The /opt/ml tree by name. Apart from environment.ts, because the main thread of a training needs to know where the
 * failure file goes and nothing else.
 */
import { join } from 'node:path';

/** Where things are below the base directory. */
export interface Paths {
  readonly base: string;
  readonly config: string;
  readonly data: string;
  readonly model: string;
  /** One folder per channel of AdditionalModelDataSources, the further artifacts of a model package. */
  readonly additionalModels: string;
  /** One folder per model, when SAGEMAKER_MULTI_MODEL is set. */
  readonly models: string;
  readonly output: string;
  readonly outputData: string;
  readonly failure: string;
}

/** SAGEMAKER_BASE_DIR, the name AWS's own toolkit uses to move the tree, or /opt/ml. */
export function baseDirectory(variables: NodeJS.ProcessEnv = process.env): string {
  return variables.SAGEMAKER_BASE_DIR?.trim() || '/opt/ml';
}

/** The tree below `base`, which is /opt/ml on the platform. */
export function layout(base: string): Paths {
  const output = join(base, 'output');
  return {
    base,
    config: join(base, 'input', 'config'),
    data: join(base, 'input', 'data'),
    model: join(base, 'model'),
    additionalModels: join(base, 'additional-model-data-sources'),
    models: join(base, 'models'),
    output,
    outputData: join(output, 'data'),
    failure: join(output, 'failure'),
  };
}
