/** Makes what a deployment consists of, all of it or nothing. */
import type { CreateRequest } from '../state/deployment.js';
import { infoOf } from '../state/kinds.js';
import { callSageMaker, messageOf } from './aws.js';

/** @throws Error with the service's message, after what was made before has been deleted; what could not be is named */
export async function deploy(requests: readonly CreateRequest[]): Promise<void> {
  const made: CreateRequest[] = [];
  for (const one of requests) {
    try {
      await callSageMaker(`Create${infoOf(one.kind).operation}`, one.request);
    } catch (error) {
      const kept: string[] = [];
      for (const earlier of made.toReversed()) await remove(earlier).catch(() => kept.push(titleOf(earlier)));
      const rest = kept.length > 0 ? ` Not deleted: the ${kept.join(', the ')}.` : '';
      throw new Error(`The ${titleOf(one)}: ${messageOf(error)}${rest}`, { cause: error });
    }
    made.push(one);
  }
}

// --- internal ---

async function remove({ kind, name }: CreateRequest): Promise<void> {
  const { operation, nameMember } = infoOf(kind);
  await callSageMaker(`Delete${operation}`, { [nameMember]: name });
}

function titleOf({ kind, name }: CreateRequest): string {
  return `${infoOf(kind).one} "${name}"`;
}
