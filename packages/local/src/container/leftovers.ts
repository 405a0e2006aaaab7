/**
 * Containers and networks that outlived the process that started them: it was killed, so nobody ended them. Every container and its
 * engine's command have a label with their owner.
 */
import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError } from '../errors.js';
import { callEngine, type Engine } from './engine.js';
import { killProcesses } from './processes.js';

/** Names of an owner's folders in the system's folder for temporary files begin with it. */
export function ownFolderPrefix(owner: string | undefined): string {
  return owner === undefined ? 'algo-net-' : `algo-net-${owner}-`;
}

/** Arguments of `run`. */
export function ownLabel(owner: string | undefined): readonly string[] {
  return owner === undefined ? [] : ['--label', labelOf(owner)];
}

/**
 * Removes the containers of an owner, their networks, and the folders of these.
 * @param owner letters and digits
 * @returns how many containers there were
 * @throws JobError when the engine cannot list or remove them
 */
export async function removeLeftovers(engine: Pick<Engine, 'name'>, owner: string): Promise<number> {
  killProcesses('argument', labelOf(owner)); // an engine's command that has not made its container yet
  const first = await containersOf(engine, owner);
  for (let left = first; left.length > 0; ) {
    // The network's owner can go only after the others.
    const problems = await Promise.all(left.map((id) => removeContainer(engine, id)));
    const now = await containersOf(engine, owner);
    if (now.length === left.length) {
      throw new JobError(`Containers of an earlier run could not be removed: ${problems.join(' ')}`);
    }
    left = now;
  }
  const networks = linesOf(
    await callEngine(engine, ['network', 'ls', '--quiet', '--filter', `label=${labelOf(owner)}`]),
  );
  for (const id of networks) await callEngine(engine, ['network', 'rm', id]);
  const prefix = ownFolderPrefix(owner);
  for (const name of readdirSync(tmpdir())) {
    if (name.startsWith(prefix)) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
  return first.length;
}

/** A container by its id or name. @returns why it could not be removed, if it could not */
export async function removeContainer(engine: Pick<Engine, 'name'>, id: string): Promise<string | undefined> {
  // Killed first: `rm --force` would give it its time to end.
  await callEngine(engine, ['kill', '--signal', 'KILL', id]).catch(() => undefined); // it does not run
  return callEngine(engine, ['rm', '--force', id]).then(
    () => undefined,
    (error: Error) => error.message,
  );
}

// --- internal ---

function labelOf(owner: string): string {
  return `algo.owner=${owner}`;
}

async function containersOf(engine: Pick<Engine, 'name'>, owner: string): Promise<readonly string[]> {
  const text = await callEngine(engine, ['ps', '--all', '--quiet', '--filter', `label=${labelOf(owner)}`]);
  return linesOf(text);
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}
