/** Communicators of two hosts within one process, where what the other one adds is known. */
import type { Communicator, Numbers } from '@algo/contract';

/** Both hosts have the same rows and do the same. */
export function twinHost(): Communicator {
  return { ...first(), sum: (values) => eachOf(values, (value) => 2 * value), gather: (part) => [part, part] };
}

/** The first of two hosts, the other of which has no rows. @returns with what the sums were */
export function onlyHostWithRows(): { readonly hosts: Communicator; readonly sums: readonly Numbers[] } {
  const sums: Numbers[] = [];
  return { hosts: { ...first(), sum: (values) => void sums.push(values.slice()) }, sums };
}

/**
 * The other one, once the first has done its work.
 * @throws Error when it has something to add, or asks for more or other sums
 */
export function hostWithoutRows(sums: readonly Numbers[]): { readonly hosts: Communicator; isDone(): boolean } {
  let next = 0;
  const sum = (values: Numbers) => {
    const recorded = sums[next++];
    if (recorded?.length !== values.length) throw new Error(`Sum ${next} is not that of the first host.`);
    eachOf(values, (value, index) => {
      if (value !== 0) throw new Error(`A host without rows adds ${value} to sum ${next}.`);
      return Number(recorded[index]);
    });
  };
  return { hosts: { ...first(), rank: 1, sum }, isDone: () => next === sums.length };
}

// --- internal ---

function first(): Communicator {
  return {
    ...{ rank: 0, size: 2, sum: refuse, max: refuse, broadcast: refuse, gather: refuse, gatherValues: refuse },
    any: (flag) => flag,
    barrier: () => {},
  };
}

function refuse(): never {
  throw new Error('The test has no answer of the other host.');
}

function eachOf(values: Numbers, change: (value: number, index: number) => number): void {
  if (values instanceof BigInt64Array) refuse();
  for (const [index, value] of values.entries()) values[index] = change(value, index);
}
