/** Steps of a client in JavaScript, which print what steps.py says. */
import { readFileSync } from 'node:fs';

/** @param steps functions by name, which run in their order */
export async function run(packages, steps) {
  const versions = Object.fromEntries(packages.map((name) => [name, versionOf(name)]));
  console.log(JSON.stringify({ versions, steps: Object.keys(steps) }));
  for (const [step, work] of Object.entries(steps)) console.log(JSON.stringify({ step, ...(await resultOf(work)) }));
}

/** @throws Error that shows what was found */
export function check(holds, found) {
  if (!holds) throw new Error(`unexpected: ${JSON.stringify(found)}`);
}

/** The error with which a call fails. */
export async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error('the call succeeded');
}

// --- internal ---

async function resultOf(work) {
  try {
    await work();
    return { ok: true };
  } catch (error) {
    return { ok: false, detail: String(error?.stack ?? error) };
  }
}

function versionOf(name) {
  return JSON.parse(readFileSync(`${import.meta.dirname}/node_modules/${name}/package.json`, 'utf8')).version;
}
