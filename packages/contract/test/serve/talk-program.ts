/**
 * A program that holds conversations. It repeats what it hears, with its process, and does what two words ask for: `die`, and `spin`
 * with a number of milliseconds.
 */
import { defineAlgorithm, run } from '@algo/contract';
import { webSocket } from '@algo/contract/web-socket';

const program = defineAlgorithm({
  name: 'echo',
  version: '1.0.0',
  description: 'Talks.',
  contentTypes: { input: ['text/csv'], output: ['text/csv'] },
  outputs: { score: { description: 'The sum.' } },
  conversation: { description: 'Any text.', protocol: webSocket },
  load: () => undefined,
  boundedRows: () => Number(process.env.BOUNDED_ROWS ?? 0),
  predict: (_model, { rows, features }) => ({ score: new Float64Array(rows).fill(features[0]!) }),
  async *converse(_model, messages) {
    try {
      for await (const message of messages) {
        const [word, milliseconds] = String(message).split(' ');
        if (word === 'die') process.kill(process.pid, 'SIGKILL');
        const until = Date.now() + Number(milliseconds ?? 0);
        while (Date.now() < until);
        yield `${process.pid} ${message}`;
      }
    } finally {
      console.log('conversation ended');
    }
  },
});

await run(program);
