/** What all protocols do between reading a request and writing its answer. Requests and answers are checked by the model. */
import { checkOutput } from '../model/check-output.js';
import type { OperationModel, ServiceModel } from '../model/service-model.js';
import { validateInput } from '../model/validate-input.js';
import type { RequestHead } from '../server/request-head.js';
import { ServiceError } from '../service-error.js';
import { checkOnce } from './lasting-answer.js';

/** A JSON object under the names of AWS's model. */
export type Members = Readonly<Record<string, unknown>>;

/** Answers a request that its model allows. */
export type Operation = (input: never, head: RequestHead) => unknown;

export interface OperationTable {
  readonly name: string;
  readonly model: ServiceModel;
  /** By their names in the model. What the model has and this has not is refused by name. */
  readonly operations: Readonly<Record<string, Operation>>;
  /** The service's name of the error that a request is not as its model says. @default ValidationException */
  readonly invalidCode?: string;
  /** The protocol's name of the error that there is no such operation. @default UnknownOperationException */
  readonly unknownCode?: string;
}

/** @throws ServiceError UnknownOperationException or as the table names it */
export function findOperation(table: OperationTable, operation: string): OperationModel {
  const { name, model, operations, unknownCode = 'UnknownOperationException' } = table;
  const found = Object.hasOwn(operations, operation) ? model.operations[operation] : undefined;
  if (found) return found;
  const known = Object.keys(operations).sort().join(', ');
  const message = `${name} has no operation "${operation}" on this machine. It has: ${known}.`;
  throw new ServiceError(unknownCode, message);
}

/** @throws ServiceError if the request is not as its model says */
export async function runOperation(
  table: OperationTable,
  operation: string,
  input: unknown,
  head: RequestHead,
): Promise<Members> {
  const { input: inputShape, output } = findOperation(table, operation);
  if (inputShape !== undefined) validate(table, inputShape, input);
  const answer = (await table.operations[operation]!(input as never, head)) ?? {};
  checkOnce(answer, () => checkOutput(table.model, output, answer));
  return answer as Members;
}

// --- internal ---

function validate({ model, invalidCode }: OperationTable, shapeName: string, input: unknown): void {
  try {
    validateInput(model, shapeName, input);
  } catch (error) {
    const isRenamed = invalidCode !== undefined && error instanceof ServiceError;
    throw isRenamed ? new ServiceError(invalidCode, error.message) : error;
  }
}
