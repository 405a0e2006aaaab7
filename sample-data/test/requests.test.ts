import { expect, it } from 'vitest';
import { realTimeRequests } from '../requests.ts';

const rows = Array.from({ length: 40 }, (_, i) => [i, i / 2]);
const inference = { rows, labels: rows.map(() => 0), names: ['a', 'b'] };
const requestOf = (accept: string) =>
  realTimeRequests(inference, [{ name: '11.bin', body: new Uint8Array(1), contentType: 'text/csv', accept }], {}).at(
    -1,
  )!;

it('names the file of an answer by its type', () => {
  expect(requestOf('application/jsonlines;output="labels"').expectedOutput).toBe('inference/real-time-output/11.jsonl');
});

it('rejects a request for an answer of a type without a known extension', () => {
  expect(() => requestOf('image/png')).toThrow(
    'Request "11.bin": accept must be one of text/csv, application/json, application/jsonlines, application/x-recordio-protobuf, application/x-npy; received "image/png".',
  );
});
