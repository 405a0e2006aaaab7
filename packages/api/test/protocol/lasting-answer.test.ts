import { describe, expect, it, vi } from 'vitest';
import { checkOnce, lasting, textOf } from '../../src/protocol/lasting-answer.js';

const withoutSecret = lasting(({ secret: _, ...rest }: { readonly name: string; readonly secret: number }) => rest);

describe('a lasting answer', () => {
  it('is the same for a frozen body, and is checked and written once', () => {
    const body = Object.freeze({ name: 'a', secret: 1 });
    const check = vi.fn();

    const answers = [withoutSecret(body), withoutSecret(body)];
    const texts = answers.map((answer) => {
      checkOnce(answer, check);
      return textOf(answer);
    });

    expect(answers[1]).toBe(answers[0]);
    expect(texts).toEqual(['{"name":"a"}', '{"name":"a"}']);
    expect(check).toHaveBeenCalledTimes(1);
  });

  it('is made, checked and written again for a body that may change', () => {
    const body = { name: 'a', secret: 1 };
    const check = vi.fn();
    const write = () => {
      const answer = withoutSecret(body);
      checkOnce(answer, check);
      return textOf(answer);
    };

    const before = write();
    body.name = 'b';
    const after = write();

    expect([before, after]).toEqual(['{"name":"a"}', '{"name":"b"}']);
    expect(check).toHaveBeenCalledTimes(2);
  });

  it('is checked again after it has failed', () => {
    const answer = withoutSecret(Object.freeze({ name: 'a', secret: 1 }));
    const fail = () => {
      throw new Error('Answer.name must not be there.');
    };

    expect(() => checkOnce(answer, fail)).toThrow('must not be there');
    expect(() => checkOnce(answer, fail)).toThrow('must not be there');
  });
});
