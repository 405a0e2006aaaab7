import type { Communicator, RowNumbers } from '@algo/contract';

/** Rows of one feature: [rows] features and labels. */
export interface Points {
  readonly x: number[];
  readonly y: number[];
}

/** The rows of all hosts, in the order that they would have on one. @param numbers where those of this host are */
export function pointsOfHosts(own: Points, { first, run, skip, total }: RowNumbers, hosts: Communicator): Points {
  if (hosts.size === 1) return own;
  const places = Float64Array.from(own.x, (_, row) => first + row + Math.floor(row / run) * skip);
  const all: Points = { x: new Array<number>(total), y: new Array<number>(total) };
  const parts = [places, Float64Array.from(own.x), Float64Array.from(own.y)].map((values) => hosts.gather(values));
  for (let host = 0; host < hosts.size; host++) {
    const [place, x, y] = parts.map((part) => part[host]!);
    for (let row = 0; row < place!.length; row++) {
      all.x[place![row]!] = x![row]!;
      all.y[place![row]!] = y![row]!;
    }
  }
  return all;
}
