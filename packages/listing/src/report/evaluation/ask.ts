/** Asks a served model for the predictions of rows, in requests that a real-time endpoint of SageMaker would take. */
import { type AlgorithmDescription, type Endpoint, JobError, messageOf } from '@algo/local';
import { type Prediction, readPredictions } from './answers.js';
import { unquoted } from './hold-out.js';
import { Left } from './left.js';

type Rows = readonly (readonly string[])[];

/** Far below the 25 MB that a real-time request may have (AWS guide "InvokeEndpoint"), so that a slow model answers in time. */
const REQUEST_CHARS = 1_000_000;
const REQUEST_ROWS = 2000;

/**
 * A function that asks for predictions.
 * @param stop is obeyed between requests
 * @throws Left by that function, where the model does not take rows of columns, or answers in another way
 * @throws JobError by that function, when it is stopped
 */
export function createAsk(
  { InferenceSpecification, Capabilities }: AlgorithmDescription,
  endpoint: Pick<Endpoint, 'invoke'>,
  stop?: AbortSignal,
) {
  const contentType = REQUEST_TYPES.find((type) => supports(InferenceSpecification.SupportedContentTypes, type));
  const answerType = ANSWER_TYPES.find((type) => supports(InferenceSpecification.SupportedResponseMIMETypes, type));
  const outputs = Capabilities.Outputs.map(({ Name }) => Name);
  const hasClasses = outputs.includes('labels') && outputs.includes('probabilities');
  let accept = answerType && hasClasses ? `${answerType};output="labels,probabilities"` : answerType;

  async function ask(rows: Rows): Promise<readonly Prediction[]> {
    if (contentType === undefined) throw new Left(`the model takes none of ${REQUEST_TYPES.join(', ')}.`);
    if (accept === undefined) throw new Left(`the model answers in none of ${ANSWER_TYPES.join(', ')}.`);
    const body = bodyOf(rows, contentType);
    const answer = await endpoint.invoke({ body, contentType, accept }).catch((error) => {
      throw new Left(`the served model did not answer: ${messageOf(error)}.`);
    });
    if (answer.status === 400 && accept !== answerType) {
      accept = answerType; // this model has no classes
      return ask(rows);
    }
    if (answer.status !== 200) {
      const text = answer.body.toString('utf8').slice(0, 500);
      throw new Left(`the served model answered ${answer.status} to the rows without their label: ${text}`);
    }
    return readPredictions(answer.body, answer.headers['content-type'] ?? accept, rows.length);
  }

  return async (rows: Rows): Promise<readonly Prediction[]> => {
    const found: Prediction[] = [];
    for (const part of parts(rows)) {
      if (stop?.aborted) throw new JobError('stopped');
      for (const prediction of await ask(part)) found.push(prediction);
    }
    return found;
  };
}

// --- internal ---

const REQUEST_TYPES = ['text/csv', 'application/json', 'application/jsonlines'];
const ANSWER_TYPES = ['application/jsonlines', 'application/json', 'text/csv'];

function supports(types: readonly string[], type: string): boolean {
  return types.some((own) => own.split(';')[0]!.trim() === type);
}

function* parts(rows: Rows): Generator<Rows> {
  let from = 0;
  let chars = 0;
  for (const [i, row] of rows.entries()) {
    const own = row.reduce((total, field) => total + field.length + 1, 0);
    if (i > from && (chars + own > REQUEST_CHARS || i - from >= REQUEST_ROWS)) {
      yield rows.slice(from, i);
      [from, chars] = [i, 0];
    }
    chars += own;
  }
  if (from < rows.length) yield rows.slice(from);
}

/** JSON as SageMaker's common format for inference has it: instances with features. */
function bodyOf(rows: Rows, contentType: string): Buffer {
  if (contentType === 'text/csv') return Buffer.from(rows.map((row) => `${row.join(',')}\n`).join(''));
  const instances = rows.map((row) => ({ features: row.map(cellOf) }));
  if (contentType === 'application/json') return Buffer.from(JSON.stringify({ instances }));
  return Buffer.from(instances.map((instance) => `${JSON.stringify(instance)}\n`).join(''));
}

/** A number where it is one, null where it is missing. */
function cellOf(field: string): number | string | null {
  const text = unquoted(field);
  if (text === '') return null;
  return Number.isFinite(Number(text)) ? Number(text) : text;
}
