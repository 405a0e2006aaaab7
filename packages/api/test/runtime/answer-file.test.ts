import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { writeAnswer } from '../../src/runtime/answer-file.js';
import { makeFolder } from '../support/scene.js';

const answer = () => Readable.from([Buffer.from('12'), Buffer.from('345')]);

describe('an answer that becomes a file', () => {
  it('has the bytes of its limit', async () => {
    const file = join(makeFolder(), 'answers', 'one');

    await writeAnswer(answer(), file, 5);

    expect(readFileSync(file, 'utf8')).toBe('12345');
  });

  it('is refused, and no longer read, when it has more', async () => {
    const source = answer();

    const writing = writeAnswer(source, join(makeFolder(), 'one'), 4);

    await expect(writing).rejects.toThrow('The answer must have up to 4 bytes; it has more.');
    expect(source.destroyed).toBe(true);
  });
});
