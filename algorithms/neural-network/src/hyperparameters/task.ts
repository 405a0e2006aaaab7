/** Hyperparameters of the learning task: numbers or classes, and the weight of each class. */
import { fixed, numberList } from '@algo/contract';
import { z } from 'zod';

/** Class weights differ by as many orders of magnitude as class sizes do, not by more. */
const MAX_CLASS_WEIGHT = 1e9;

export const task = {
  objective: fixed(
    z.enum(['regression', 'binary', 'multiclass']),
    'What to predict. regression: numbers, one per label column (squared error); binary: class 0 or 1; multiclass: one of num_classes classes.',
  ),
  num_classes: fixed(
    z.int().min(2).max(10_000).optional(),
    'Number of classes for multiclass; labels are 0 to num_classes - 1. Not needed if labels are text.',
  ),
  class_weights: fixed(
    numberList({
      rule: `balanced, or a comma-separated weight in [0, ${MAX_CLASS_WEIGHT}] for each class, such as 1,2.5`,
      holds: (value) => value >= 0 && value <= MAX_CLASS_WEIGHT,
      words: { balanced: 'balanced' as const },
    }).optional(),
    'Factor for the loss of each class, such as 1,2.5. balanced: rows / (classes x rows of the class). Metrics other than loss ignore it.',
  ),
};
