import { describe, expect, it } from 'vitest';
import { stopProgram } from '../src/stop.js';

describe('stopProgram', () => {
  it('sends SIGTERM once the phase has begun, and waits for the exit', async () => {
    const program = `
      process.on('SIGTERM', () => process.exit(0));
      setInterval(() => {}, 2 ** 30);
      console.log('reading'); console.log('solving');`;

    const seconds = await stopProgram({ args: ['-e', program], begin: /solving/, afterMs: 0 });

    expect(seconds).toBeGreaterThan(0);
  });

  it('rejects a program that ends before the phase begins, with its last output', async () => {
    const options = { args: ['-e', 'console.error("no rows")'], begin: /solving/, afterMs: 0 };

    await expect(stopProgram(options)).rejects.toThrow(/exited before it was stopped: no rows/);
  });
});
