/** Reads `validation-profile.json` of an algorithm's sample data. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ArgumentError, messageOf } from '../errors.js';
import { textOf } from '../files/text.js';
import type { ValidationProfile } from './profile-schema.js';

export const PROFILE_FILE = 'validation-profile.json';

/** @throws ArgumentError when there is no profile, or something in it is unknown or out of range, with its place */
export async function readValidationProfile(sampleData: string): Promise<ValidationProfile> {
  const file = join(sampleData, PROFILE_FILE);
  if (!existsSync(file)) {
    throw new ArgumentError(
      `There is no ${file}: it defines the training data and the expected outputs. Give the sample data's folder.`,
    );
  }
  const text = textOf(readFileSync(file), file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ArgumentError(`${file} must be JSON; ${messageOf(error)}.`, { cause: error });
  }
  const { parseProfile } = await import('./profile-schema.js'); // with zod, which all else starts faster without
  try {
    return parseProfile(value);
  } catch (error) {
    throw new ArgumentError(`${file}:\n${messageOf(error)}`, { cause: error });
  }
}
