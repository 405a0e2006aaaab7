/** The algorithms of this machine, for a form in which one can be chosen. */
import { useEffect, useState } from 'preact/hooks';
import { algorithmOf, describeAlgorithm, readAlgorithms } from '../api/algorithms.js';
import { messageOf } from '../api/aws.js';
import type { Members } from './state.js';

export interface KnownAlgorithms {
  readonly names: readonly string[];
  /** Of the one that the image names; undefined for others, and until it is there. */
  readonly description: Members | undefined;
  /** Why it cannot describe itself. */
  readonly problem: string | undefined;
}

/** @param source an image, or the name of an algorithm */
export function useAlgorithms(source: string): KnownAlgorithms {
  const [names, setNames] = useState<readonly string[]>([]);
  const [described, setDescribed] = useState<{ readonly name: string; readonly answer: Members | string }>();
  const name = names.find((one) => one === algorithmOf(source));
  useEffect(() => {
    readAlgorithms().then(setNames, () => undefined); // without them the image can be typed
  }, []);
  useEffect(() => {
    if (name === undefined) return;
    describeAlgorithm(name).then(
      (answer) => setDescribed({ name, answer }),
      (error) => setDescribed({ name, answer: messageOf(error) }),
    );
  }, [name]);
  const answer = described?.name === name ? described?.answer : undefined;
  return {
    names,
    description: typeof answer === 'object' ? answer : undefined,
    problem: typeof answer === 'string' ? answer : undefined,
  };
}
