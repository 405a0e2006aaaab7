/**
 * Which trials a run may remove before its own: those that this workspace has begun, as it has one run at a time, and old ones. One
 * of another workspace or machine may be under way.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishContext } from '../context.js';
import type { Found } from '../found.js';
import { trialTime } from './names.js';
import { findTrialObjects } from './objects.js';
import { findTrials, removeTrials } from './resources.js';

/** Before a trial makes something. Its name is kept while it is young: what AWS is slow to remove is still this workspace's. */
export function recordTrial(context: PublishContext, name: string, now: number): void {
  const { directory } = context.request;
  const young = begunIn(directory).filter((one) => one !== name && !isOld(context, one, now));
  mkdirSync(directory, { recursive: true });
  const file = join(directory, FILE);
  writeFileSync(`${file}.new`, JSON.stringify([...young, name]));
  renameSync(`${file}.new`, file); // a run that is killed before leaves the old file whole
}

/** Says which ones it leaves alone. */
export async function removeEndedTrials(context: PublishContext, now: number): Promise<void> {
  const isEnded = endedTrials(context, now);
  const left = new Set<string>();
  await removeTrials(context, (name) => {
    if (!isEnded(name)) left.add(name);
    return !left.has(name);
  });
  for (const name of left) {
    context.say(`  ${name} of another workspace is left alone, as it may be under way; "algo unpublish" removes it`);
  }
}

/** Something that a trial of another workspace has made, which may be under way. */
export async function findOtherTrial(context: PublishContext, now: number): Promise<Found | undefined> {
  const isEnded = endedTrials(context, now);
  const isOther = (name: string) => !isEnded(name);
  return (await findTrials(context, isOther))[0] ?? (await findTrialObjects(context, isOther))[0];
}

// --- internal ---

/** Whether a trial is over, by its name. */
function endedTrials(context: PublishContext, now: number): (name: string) => boolean {
  const begun = new Set(begunIn(context.request.directory));
  return (name) => begun.has(name) || isOld(context, name, now);
}

/** Older than any trial lasts. */
function isOld({ source }: PublishContext, name: string, now: number): boolean {
  const trainingMs = (source.profile.trainingJob?.maxRuntimeInSeconds ?? 0) * 1000;
  return now - trialTime(name) > trainingMs + DAY_MS;
}

const FILE = 'trials.json';
/** Longer than transforms and endpoint of a trial take. */
const DAY_MS = 24 * 3600 * 1000;

function begunIn(directory: string): readonly string[] {
  const file = join(directory, FILE);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as string[]) : [];
}
