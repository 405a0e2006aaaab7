import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseJson } from '../../src/model/parse-json.js';

const schema = z.object({
  kind: z.literal('net'),
  layers: z.array(z.object({ units: z.int() })),
  names: z.record(z.string(), z.string()),
});
const text = JSON.stringify({ kind: 'net', layers: [{ units: 1 }, { units: 'two' }], names: { 'a b': 3 } });

it('says in zod’s words what is wrong, and where', () => {
  const parsed = schema.safeParse(JSON.parse(text));

  const parse = () => parseJson('model/net.json', text, schema);

  expect(parse).toThrow(`model/net.json: ${z.prettifyError(parsed.error!).replaceAll('\n', '\\n')}`); // on one line
  expect(parse).toThrow('→ at layers[1].units');
  expect(parse).toThrow('→ at names["a b"]');
});

it('says so of a whole value', () => {
  expect(() => parseJson('model/net.json', '3', schema)).toThrow(
    'model/net.json: ✖ Invalid input: expected object, received number',
  );
});

it('says so of the first of many places', () => {
  const layers = Array.from({ length: 5000 }, (_, units) => ({ units: String(units) }));

  const parse = () => parseJson('model/net.json', JSON.stringify({ kind: 'net', layers, names: {} }), schema);

  expect(parse).toThrow(/layers\[0\]\.units.*layers\[9\]\.units\\nand 4990 more$/);
});
