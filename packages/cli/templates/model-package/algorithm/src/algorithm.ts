/** The product: its definition with what runs in serving. */
import { type Block, defineAlgorithm } from '@algo/contract';
import { definition } from './definition.js';
import { type LinearModel, linearModelSchema, MODEL_FILE, predictRows } from './linear-model.js';

export const exampleAlgorithm = defineAlgorithm(definition, {
  load: ({ artifact }): LinearModel => artifact.readJson(MODEL_FILE, linearModelSchema),
  modelInput: ({ coefficients }) => ({ featureCount: coefficients.length }),
  predict: (model, { features, rows }: Pick<Block, 'features' | 'rows'>) => ({
    score: predictRows(model, features, rows),
  }),
});
