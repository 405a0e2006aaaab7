/** TensorFlow.js on the plain CPU backend, for tests of what computes on a device. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll } from 'vitest';

export function useCpu(): void {
  beforeAll(async () => {
    tf.env().set('PROD', true); // no advice on the console
    await tf.setBackend('cpu');
  });
}
