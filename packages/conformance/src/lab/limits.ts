/** The platform's own limits of time. No check has another, but that a job which waits for what does not come must end. */

export interface Limits {
  /** SIGTERM to SIGKILL in training. API StopTrainingJob. */
  readonly stopTrainingMs: number;
  /** SIGTERM to SIGKILL of a server. Custom Inference Code with Hosting Services. */
  readonly stopServerMs: number;
  /** Start of a server to its first 200 of /ping. Custom Inference Code with Hosting Services. */
  readonly startServerMs: number;
  /** An answer to /ping. Custom Inference Code with Hosting Services. */
  readonly pingMs: number;
  /** A training job. MaxRuntimeInSeconds of CreateTrainingJob; the profile may say less. */
  readonly trainingMs: number;
  /** What a job with a change may take in addition to ten times the job as it is. Not the platform's, which has a day. */
  readonly moreTrainingMs: number;
}

export const PLATFORM_LIMITS: Limits = {
  ...{ stopTrainingMs: 120_000, stopServerMs: 30_000, startServerMs: 480_000, pingMs: 2000 },
  ...{ trainingMs: 86_400_000, moreTrainingMs: 600_000 },
};
