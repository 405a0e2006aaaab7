/** `algo up --prune 30d`: removes what is old from the data folder, and says what that was. */
import { InvalidArgumentError } from 'commander';

/** Days of `30d`. */
export function daysOf(text: string): number {
  const found = /^(\d{1,5})d$/.exec(text);
  if (found) return Number(found[1]);
  throw new InvalidArgumentError('It must be a number of days, such as 30d.');
}

export async function prune(dataFolder: string, days: number): Promise<void> {
  const { pruneData } = await import('@algo/api');
  const removed = pruneData(dataFolder, new Date(Date.now() - days * 86_400_000));
  const { trainingJobs, transformJobs, tuningJobs, logEvents, metricValues, bytes } = removed;
  const age = `more than ${counted(days, 'day')} ago`;
  if (trainingJobs + transformJobs + tuningJobs === 0) {
    console.log(`Removed nothing from ${dataFolder}: it has no job that ended ${age} and that another does not need.`);
    return;
  }
  const jobs = [
    counted(trainingJobs, 'training job'),
    counted(transformJobs, 'transform job'),
    counted(tuningJobs, 'tuning job'),
  ];
  const what = `${jobs.join(', ')}, ${counted(logEvents, 'line')} of logs, ${counted(metricValues, 'value')} of metrics`;
  console.log(`Removed from ${dataFolder} what ended ${age}: ${what}.`);
  console.log(`Its database is ${(bytes / 1e6).toFixed(1)} MB smaller. Objects of S3 are as they were.`);
}

// --- internal ---

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
