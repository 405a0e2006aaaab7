/** Makes what a deployment consists of, all of it or nothing. */
import type { CreateRequest } from '../state/deployment.js';
import { infoOf } from '../state/kinds.js';
import { callSageMaker, messageOf } from './aws.js';

/** @throws Error with the service's message, after what was made before has been deleted */
export async function deploy(requests: readonly CreateRequest[]): Promise<void> {
  const made: CreateRequest[] = [];
  for (const one of requests) {
    const { operation, one: what } = infoOf(one.kind);
    try {
      await callSageMaker(`Create${operation}`, one.request);
    } catch (error) {
      for (const earlier of made.toReversed()) await remove(earlier);
      throw new Error(`The ${what} "${one.name}": ${messageOf(error)}`, { cause: error });
    }
    made.push(one);
  }
}

// --- internal ---

async function remove({ kind, name }: CreateRequest): Promise<void> {
  const { operation, nameMember } = infoOf(kind);
  await callSageMaker(`Delete${operation}`, { [nameMember]: name });
}
