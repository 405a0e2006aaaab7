/** What a container is said to do: its profile says so, or a label of its image. */
import { readImageConfig } from '../lab/image-config.js';
import type { Lab } from '../lab/lab.js';
import type { ConformanceProfile } from '../profile/profile.js';
import { need } from '../verdict.js';

/** @throws NotTried where neither claims it */
export async function needClaim(
  { profile, program }: Lab,
  claim: keyof ConformanceProfile['claims'],
  label: string,
): Promise<void> {
  if (profile.claims[claim]) return;
  const labels = 'image' in program ? (await readImageConfig(program)).labels : {};
  need(labels[label] === 'true', `neither the profile nor the label ${label} claims it`);
}
