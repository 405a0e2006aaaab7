import { describe, expect, it } from 'vitest';
import { createInferenceIds } from '../src/transform/inference-ids.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g;

/** What is written for an output of a type, with `ID` in place of each id, and how many different ids there are. */
function written(accept: string, output: string) {
  const identify = createInferenceIds({ accept, contentType: 'text/csv' }, new Date('2023-01-21T01:29:04.567Z'));
  const text = identify(Buffer.from(output)).toString();
  return [text.replaceAll(UUID, 'ID'), new Set(text.match(UUID)).size];
}

describe('inference ids', () => {
  it('are the last two columns of each line of CSV, with the time of the job', () => {
    expect(written('text/csv', '0\n"a, b",1\n')).toEqual([
      '0,ID,2023-01-21T01:29:04Z\n"a, b",1,ID,2023-01-21T01:29:04Z\n',
      2,
    ]);
    expect(written('text/csv; charset=utf-8', '0\r\n\r\n1')).toEqual([
      '0,ID,2023-01-21T01:29:04Z\r\n\r\n1,ID,2023-01-21T01:29:04Z',
      2,
    ]);
  });

  it('are members of each line of JSON, in order with its own', () => {
    const ids = '"SageMakerInferenceId":"ID","SageMakerInferenceTime":"2023-01-21T01:29:04Z"';

    expect(written('application/jsonlines', '{"features":[1],"SageMakerOutput":{"score":0.5}}\n2\n')).toEqual([
      `{${ids},"SageMakerOutput":{"score":0.5},"features":[1]}\n{${ids},"SageMakerOutput":2}\n`,
      2,
    ]);
  });

  it('are members of a whole document of JSON, or of each line of several', () => {
    const ids = '"SageMakerInferenceId":"ID","SageMakerInferenceTime":"2023-01-21T01:29:04Z"';

    expect(written('application/json', '{\n  "a": 1\n}\n')).toEqual([`{${ids},"a":1}\n`, 1]);
    expect(written('application/json', '{"a":1}\n{"a":2}')).toEqual([`{${ids},"a":1}\n{${ids},"a":2}`, 2]);
  });

  it('are refused for an output that has no records of a kind that is known', () => {
    expect(() => written('application/x-npy', '')).toThrow(
      'GenerateInferenceId must have an output of text/csv, application/json or application/jsonlines; received application/x-npy.',
    );
    expect(() => createInferenceIds({}, new Date())).toThrow('received none.');
  });
});
