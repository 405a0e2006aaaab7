/**
 * A program that gives bytes back reversed, with the number of the process that did so before them, 4 bytes: for tests of
 * payloads of an algorithm's own between real processes. The byte 255 at the start ends a worker in its decoder.
 */
import cluster from 'node:cluster';
import { defineAlgorithm, run } from '@algo/contract';

const TYPE = 'application/octet-stream';

await run(
  defineAlgorithm({
    name: 'echo',
    version: '1.0.0',
    description: 'Reverses bytes.',
    contentTypes: { input: ['text/csv'], output: ['text/csv'] },
    outputs: { score: { description: 'The process.' } },
    inputs: {
      [TYPE]: {
        description: 'Bytes.',
        maxBytes: 10_000_000,
        decode(bytes) {
          if (bytes[0] === 255 && cluster.isWorker) process.kill(process.pid, 'SIGKILL');
          return Uint8Array.from(bytes).reverse();
        },
      },
    },
    answers: { [TYPE]: { description: 'Bytes.', encode: (bytes: Uint8Array) => bytes } },
    load: () => undefined,
    boundedRows: () => 100,
    predict(_, input) {
      if (!(input instanceof Uint8Array)) return { score: new Float64Array(input.rows).fill(process.pid) };
      const answer = new Uint8Array(input.length + 4);
      new DataView(answer.buffer).setUint32(0, process.pid);
      answer.set(input, 4);
      return answer;
    },
  }),
);
