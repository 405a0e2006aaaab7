/** Statuses that jobs of all kinds have. */

/** Whether it is the status of a job that has ended. */
export function isEnd(status: string): boolean {
  return status === 'Completed' || status === 'Failed' || status === 'Stopped';
}
