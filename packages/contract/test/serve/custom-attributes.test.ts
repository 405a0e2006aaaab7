/** Custom attributes of a request, and those of its answer. */
import { describe, expect, it } from 'vitest';
import type { Block } from '../../src/formats/block.js';
import { CSV, makeHandler } from './sum-handler.js';

describe('custom attributes', () => {
  const NAME = 'x-amzn-sagemaker-custom-attributes';
  const sent = { ...CSV, 'X-Amzn-SageMaker-Custom-Attributes': 'trace=1' };

  it('are not returned by default', async () => {
    const { invoke } = await makeHandler();

    expect((await invoke('1,2,3', sent)).headers).not.toHaveProperty(NAME);
  });

  it('are those that predict sets', async () => {
    const { invoke } = await makeHandler({
      predict(_, input: Block, request) {
        request.setCustomAttributes(`${request.customAttributes ?? 'none'};seen`);
        return { score: new Float64Array(input.rows) };
      },
    });

    expect((await invoke('1,2,3', sent)).headers[NAME]).toBe('trace=1;seen');
  });

  it.each(['a\r\nSet-Cookie: b', 'é', 'x'.repeat(1025)])('cannot be set to %j by predict', async (value) => {
    const { invoke, log } = await makeHandler({
      predict(_, input: Block, request) {
        if (input.features[0] === 1) request.setCustomAttributes(value);
        return { score: new Float64Array(input.rows) };
      },
    });

    expect((await invoke('1,2,3', sent)).status).toBe(500);
    expect(log.lines.join()).toContain('setCustomAttributes: expected at most 1024 visible ASCII characters');
  });
});
