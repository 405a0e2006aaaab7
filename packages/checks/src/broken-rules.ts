/**
 * Compares a report of `algo conformance` with a document that says how the container does: each broken rule is named there, and
 * their number is right.
 *
 *   broken-rules.ts DOCUMENT < report.json
 */
import { readFileSync } from 'node:fs';

const [document = ''] = process.argv.slice(2);
const { results } = JSON.parse(readFileSync(0, 'utf8')) as {
  readonly results: readonly { readonly id: string; readonly result: string; readonly message: string }[];
};
const text = readFileSync(document, 'utf8');
const broken = results.filter(({ result }) => result === 'broken');
const unnamed = broken.filter(({ id }) => !text.includes(`\`${id}\``));
const stated = Number(/(\d+) rules are broken/.exec(text)?.[1]);
for (const { id, message } of broken) console.log(`${id}: ${message}`);
if (unnamed.length > 0 || stated !== broken.length) {
  const missing = unnamed.map(({ id }) => id).join(', ') || 'none';
  console.error(`${document} says that ${stated} rules are broken; ${broken.length} are. Not named there: ${missing}.`);
  process.exit(1);
}
