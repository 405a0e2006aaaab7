/** Blank lines between the records of a batch transform: the answer must not depend on how records are packed. */
import { describe, expect, it } from 'vitest';
import { withoutBlankLines } from '../../src/serve/blank-lines.js';
import { makeHandler, text } from './sum-handler.js';

async function makeInvoke(variables: Record<string, string>, names?: readonly string[]) {
  const { invoke } = await makeHandler({}, variables, 2, names);
  return async (body: string, contentType: string, accept: string) => {
    const answer = await invoke(body, { 'Content-Type': contentType, Accept: accept });
    return { status: answer.status, text: text(answer) };
  };
}

describe('a batch with blank lines', () => {
  const FILES: [string, string][] = [
    ['text/csv', '\n1,2\n\n \r\n3,4\n5,6\n\n'],
    ['application/jsonlines', '\n[1,2]\n\n \r\n[3,4]\n{"features":[5,6]}\n\n'],
  ];
  it.each(FILES)('of %s has the same predictions record by record and in one mini-batch', async (type, file) => {
    const invoke = await makeInvoke({ SAGEMAKER_BATCH: 'true' });

    for (const accept of ['text/csv', 'application/jsonlines']) {
      const whole = await invoke(file, type, accept);
      const records = file.match(/[^\n]*\n/g)!;
      const single = [];
      for (const record of records) single.push((await invoke(record, type, accept)).text);

      expect(whole.status).toBe(200);
      expect(whole.text).toBe(single.join(''));
      expect(whole.text.match(/\n/g)).toHaveLength(records.length);
    }
  });

  it.each([
    ['present', undefined],
    ['auto', undefined],
    ['auto', ['a', 'b']],
  ])('has them in their places around the header line: header=%s, names %j', async (header, names) => {
    const invoke = await makeInvoke({ SAGEMAKER_BATCH: 'true' }, names);
    const ask = async (body: string) => (await invoke(body, `text/csv; header=${header}`, 'text/csv')).text;

    expect(await ask('\na,b\n\n1,2\n3,4\n\n5,6\n\n')).toBe('\n\n3\n7\n\n11\n\n');
    if (names) expect(await ask('\na,b\n\n\n')).toBe('\n\n\n');
    if (header === 'present') expect(await ask('a,b\n\n1,2\n\n3,x\n')).toContain('request row 4 column 2');
  });

  it('has null in a JSON document for each blank line', async () => {
    const invoke = await makeInvoke({ SAGEMAKER_BATCH: 'true' });

    const { text } = await invoke('1,2\n\n3,4\n', 'text/csv', 'application/json');

    expect(text).toBe('{"predictions":[{"score":3},null,{"score":7}]}\n');
  });

  it('names an invalid row by its position among all lines', async () => {
    const invoke = await makeInvoke({ SAGEMAKER_BATCH: 'true' });

    expect((await invoke('1,2\n\n\n3,x\n', 'text/csv', 'text/csv')).text).toContain('request row 4 column 2');
    expect((await invoke('[1,2]\n\n[3]\n', 'application/jsonlines', 'text/csv')).text).toContain('request row 3: ');
  });

  it('outside of batch transform is refused between rows and accepted at the end', async () => {
    const invoke = await makeInvoke({});

    expect((await invoke('1,2\n\n3,4\n', 'text/csv', 'text/csv')).status).toBe(400);
    expect(await invoke('1,2\n\n', 'text/csv', 'text/csv')).toEqual({ status: 200, text: '3\n' });
    expect((await invoke('\n', 'text/csv', 'text/csv')).status).toBe(204);
  });
});

it('comment lines in libsvm do not count as rows', () => {
  const { body, blanks } = withoutBlankLines(Buffer.from('# c\n\n0:1\n\n'), true);

  expect(Buffer.from(body).toString()).toBe('# c\n0:1\n');
  expect([...blanks]).toEqual([
    [0, 1],
    [1, 1],
  ]);
});
