/** The end of a program that runs as a process: its helpers are killed, and its output is read to the end. */
import { setTimeout as delay } from 'node:timers/promises';

export interface EndingProcess {
  /** Settles when the first process has ended. */
  readonly exited: Promise<void>;
  /** Settles when, besides, its output is read to the end. */
  readonly closed: Promise<void>;
  /** Kills those in the process group. */
  killGroup(): void;
  /** Kills those that left the group. @returns how many there were */
  killEscaped(): number;
  /** Reads no more of its output. */
  leaveOutput(): void;
}

/** How often one looks for processes: killed ones have so long to be gone, and output that one has which nobody can find. */
const LOOKS = 100;
/** Between two looks. */
const LOOK_MS = 10;

/** Settles when all is done. @param lookMs tests look more often */
export async function waitForEnd(
  { exited, closed, killGroup, killEscaped, leaveOutput }: EndingProcess,
  lookMs = LOOK_MS,
): Promise<void> {
  await exited;
  killGroup();
  // Until there is none, and nobody has the output: one may have started another while the processes were listed.
  for (let looks = 0; looks < LOOKS; looks++) {
    if (killEscaped() > 0) await delay(lookMs);
    else if (await Promise.race([closed.then(() => true), delay(lookMs, false)])) return;
  }
  leaveOutput();
  await closed;
}
