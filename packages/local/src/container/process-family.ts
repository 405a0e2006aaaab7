/**
 * The processes of a program on Linux, whatever they did to leave it: a session of their own, other variables, a parent that
 * has ended. A process belongs to the program if
 *
 *   - it has the program's variable among those that it was started with,
 *   - it has one of the program's two output streams open, which only its processes can have inherited, or
 *   - it was a child of one that belongs to it when somebody looked, which is once in a second.
 *
 * Nothing else is ever killed: a folder that a process works in, or a file that it reads, does not make it the program's.
 */
import {
  hasVariable,
  killProcess,
  openFile,
  openFiles,
  type ProcessEntry,
  readProcess,
  readProcesses,
} from './process-table.js';

/** What the processes of a program are known by. */
export interface FamilyMarks {
  /** `NAME=value`, or the start of it. */
  readonly variable: string;
  /** As /proc names them, `socket:[12345]`. */
  readonly streams: readonly string[];
  /** Start of the program's first process, in ticks since boot: none of the others is older. */
  readonly since: number;
}

export interface ProcessFamily {
  readonly marks: FamilyMarks;
  /** Remembers the processes that there are now. */
  look(): void;
  /** SIGKILL to each process that there is, or was and still is. @returns how many there were */
  kill(): number;
  /** Nothing is remembered any more. */
  forget(): void;
}

const LOOK_MS = 1000;

/**
 * @param pid of the program's first process, which has just been spawned, so its streams are the program's
 * @returns undefined where there is no /proc, or the process has ended already
 */
export function openFamily(pid: number, variable: string): ProcessFamily | undefined {
  const first = readProcess(pid);
  if (!first) return undefined;
  const marks: FamilyMarks = { variable, streams: ownStreams(pid), since: first.started };
  let known: readonly ProcessEntry[] = [first];
  const look = (processes = readProcesses()) => {
    known = grow(known, processes);
  };
  watched.add(look);
  timer ??= setInterval(lookAtAll, LOOK_MS).unref();
  return {
    ...{ marks, look: () => look() },
    kill() {
      const processes = readProcesses();
      const marked = processes.filter((entry) => isMarked(entry, marks));
      known = grow([...known, ...marked], processes);
      for (const entry of known) killProcess(entry);
      return known.length;
    },
    forget() {
      watched.delete(look);
      if (watched.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** SIGKILL to each process that has a program's marks. @returns how many there were */
export function killMarked(marks: FamilyMarks): number {
  const found = readProcesses().filter((entry) => isMarked(entry, marks));
  for (const entry of found) killProcess(entry);
  return found.length;
}

// --- internal ---

type Look = (processes: readonly ProcessEntry[]) => void;

/** All programs that run here are looked at together, as reading /proc is the longest part of it. */
const watched = new Set<Look>();
let timer: NodeJS.Timeout | undefined;

function lookAtAll(): void {
  const processes = readProcesses();
  for (const look of watched) look(processes);
}

/** Standard output and error, where nobody else has them: our ends of the two sockets are others. */
function ownStreams(pid: number): readonly string[] {
  const ours = openFiles(process);
  const theirs = [1, 2].flatMap((fd) => openFile(pid, fd) ?? []);
  return theirs.filter((file) => file.startsWith('socket:') && !ours.includes(file));
}

/** Those of `known` that still run, and all descendants that they have. */
function grow(known: readonly ProcessEntry[], processes: readonly ProcessEntry[]): readonly ProcessEntry[] {
  const starts = new Map(processes.map(({ pid, started }) => [pid, started]));
  const family = new Map<number, ProcessEntry>();
  for (const entry of known) if (starts.get(entry.pid) === entry.started) family.set(entry.pid, entry);
  const children = Map.groupBy(processes, ({ parent }) => parent);
  // A Map's values include those that are added while they are read.
  for (const { pid } of family.values()) {
    for (const child of children.get(pid) ?? []) if (!family.has(child.pid)) family.set(child.pid, child);
  }
  return [...family.values()];
}

function isMarked(entry: ProcessEntry, { variable, streams, since }: FamilyMarks): boolean {
  if (entry.started < since || entry.pid === process.pid) return false;
  return hasVariable(entry, variable) || openFiles(entry).some((file) => streams.includes(file));
}
