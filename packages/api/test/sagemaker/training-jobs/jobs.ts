/** Training jobs of the algorithm `sum`, and what they come to. */
import { hasEnded, type Scene } from '../../support/scene.js';

export const DATA = { 'train/a.csv': '1,2\n3,4\n', 'train/sub/b.csv': '10\n' };

export function ended(scene: Scene, TrainingJobName: string) {
  return scene.until('DescribeTrainingJob', { TrainingJobName }, hasEnded);
}

export const behave = (value: string, more: object = {}) => ({ HyperParameters: { behave: value, ...more } });
