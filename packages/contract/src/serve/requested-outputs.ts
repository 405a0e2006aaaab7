/**
 * Which keys an answer has: those that a request names (`Accept: …;output=a,b`), else those of the variable
 * SAGEMAKER_INFERENCE_OUTPUT, else the algorithm's own choice. As in AWS's XGBoost container the answer has them in the
 * order in which they were named, and capitals do not count. A key that the model does not have is an error, never NaN.
 */
import type { Algorithm } from '../algorithm.js';
import { AlgorithmError, ClientError, PlatformError } from '../errors.js';
import type { MediaType } from '../formats/media-type.js';
import type { AvailableOutputs, Predictions } from '../prediction.js';
import { shorten } from './message.js';

type Outputs = Algorithm['outputs'];

/** The parameter of Accept that names outputs. */
const PARAMETER = 'output';
const VARIABLE = 'SAGEMAKER_INFERENCE_OUTPUT';

export interface OutputRequest {
  readonly algorithm: Pick<Algorithm, 'outputs' | 'modelOutputs' | 'availableOutputs'>;
  readonly model: unknown;
  /** SAGEMAKER_INFERENCE_OUTPUT */
  readonly variable: string | undefined;
  readonly defaultAccept: MediaType;
}

/**
 * The names that an answer shall have, by what the caller accepts; undefined: as the algorithm likes.
 * @returns a function that throws ClientError E_REQUEST_OUTPUT for what the model does not have
 * @throws PlatformError when a variable names what the model does not have
 */
export function createOutputChoice(request: OutputRequest): (accept: MediaType) => readonly string[] | undefined {
  const { variable, defaultAccept } = request;
  const ofDefault = read(request, defaultAccept, defaultAccept.parameters[PARAMETER]);
  if (typeof ofDefault === 'string') {
    const name = 'SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT';
    throw new PlatformError('E_ENVIRONMENT', `Variable ${name}: parameter "${PARAMETER}" ${ofDefault}.`);
  }
  const ofVariable = read(request, defaultAccept, variable);
  if (typeof ofVariable === 'string') throw new PlatformError('E_ENVIRONMENT', `Variable ${VARIABLE} ${ofVariable}.`);
  return (accept) => {
    const asked = read(request, accept, accept.parameters[PARAMETER]);
    if (typeof asked !== 'string') return asked ?? ofVariable;
    throw new ClientError('E_REQUEST_OUTPUT', `Parameter "${PARAMETER}" of Accept ${asked}.`);
  };
}

/**
 * The definitions of the outputs that an answer has, in its order.
 * @param predictions checked against the definition
 * @param asked       what `createOutputChoice` chose
 * @throws AlgorithmError for a column that the algorithm called available and did not give
 */
export function answeredOutputs(
  outputs: Outputs,
  predictions: Predictions,
  asked: readonly string[] | undefined,
): Outputs {
  if (!asked) return outputs;
  const missing = asked.find((name) => !Object.hasOwn(predictions, name));
  if (missing !== undefined) {
    throw new AlgorithmError(
      'E_ALGORITHM',
      `predict: expected a column "${missing}", which was asked for; received none of that name.`,
    );
  }
  return Object.fromEntries(asked.map((name) => [name, outputs[name]!]));
}

// --- internal ---

/** The names of a text such as `predicted_label, probability`, each once, or the sentence about what is wrong. */
function read(
  { algorithm, model }: OutputRequest,
  accept: MediaType,
  text: string | undefined,
): readonly string[] | string | undefined {
  if (text === undefined) return undefined;
  const {
    names: available,
    of = 'this model',
    reason,
  }: AvailableOutputs = algorithm.availableOutputs?.(model, accept) ?? {
    names: Object.keys(algorithm.modelOutputs?.(model) ?? algorithm.outputs),
  };
  const names = new Set<string>();
  for (const part of text.split(',')) {
    const given = part.trim();
    const name = available.find((candidate) => candidate.toLowerCase() === given.toLowerCase());
    if (name === undefined) {
      const rule = available.length === 1 ? available[0] : `one of ${available.join(', ')}`;
      return `must be ${rule}${reason ? `: ${reason}` : ` for ${of}`}; received "${shorten(given)}"`;
    }
    names.add(name);
  }
  return [...names];
}
