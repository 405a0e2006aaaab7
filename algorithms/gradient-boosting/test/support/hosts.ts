/**
 * Several hosts in one thread: the work of each runs up to its next call of the communicator, again from its start whenever
 * all hosts have made that call. So it may keep nothing from one run to the next.
 */
import type { Communicator, Numbers } from '@algo/contract';

/** @returns what the work returns on each host, by rank */
export function onHosts<T>(size: number, work: (hosts: Communicator) => T): T[] {
  const answers: Answer[] = [];
  for (;;) {
    const runs = Array.from({ length: size }, (_, rank) => runUntilCall(rank, size, answers, work));
    const calls = runs.flatMap((run) => (run instanceof Call ? [run] : []));
    if (calls.length === 0) return runs as T[];
    if (calls.length < size || calls.some(({ name }) => name !== calls[0]!.name)) {
      const made = runs.map((run) => (run instanceof Call ? run.name : 'no more'));
      throw new Error(`Hosts must make the same calls; call ${answers.length + 1} is ${made.join(', ')}.`);
    }
    answers.push({ name: calls[0]!.name, values: calls.map(({ value }) => value) });
  }
}

/** Thrown by a call that not all hosts have made. */
class Call {
  readonly name: string;
  readonly value: unknown;

  constructor(name: string, value: unknown) {
    this.name = name;
    this.value = value;
  }
}

interface Answer {
  readonly name: string;
  /** By rank. */
  readonly values: readonly unknown[];
}

function runUntilCall<T>(rank: number, size: number, answers: readonly Answer[], work: (hosts: Communicator) => T) {
  let made = 0;
  /** What all hosts gave to this call. */
  const exchange = <V>(name: string, value: V): V[] => {
    const answer = answers[made++];
    if (answer === undefined) throw new Call(name, copyOf(value));
    if (answer.name !== name) throw new Error(`Call ${made} was ${answer.name} and is now ${name}.`);
    return answer.values.map((own) => copyOf(own) as V);
  };
  const reduce = (name: string, values: Numbers, combine: (a: number, b: number) => number) => {
    const all = exchange(name, values) as readonly Float64Array[];
    if (all.some(({ length }) => length !== values.length)) throw new Error(`${name}: arrays differ in length.`);
    for (const index of values.keys()) {
      (values as Float64Array)[index] = all.map((own) => own[index]!).reduce(combine);
    }
  };
  const hosts: Communicator = {
    rank,
    size,
    sum: (values) => reduce('sum', values, (a, b) => a + b),
    max: (values) => reduce('max', values, (a, b) => Math.max(a, b)),
    any: (flag) => exchange('any', flag).includes(true),
    broadcast: (values, root = 0) => (values as Float64Array).set(exchange('broadcast', values)[root]! as Float64Array),
    gather: (part) => exchange('gather', part),
    gatherValues: (value) => exchange('gatherValues', value),
    barrier: () => void exchange('barrier', undefined),
  };
  try {
    return work(hosts);
  } catch (thrown) {
    if (thrown instanceof Call) return thrown;
    throw thrown;
  }
}

/** Of shared memory, too, which other copies would share. */
function copyOf(value: unknown): unknown {
  return ArrayBuffer.isView(value) && 'slice' in value ? (value as Numbers).slice() : structuredClone(value);
}
