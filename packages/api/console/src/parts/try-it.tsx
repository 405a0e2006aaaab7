/** Sends a request to an endpoint and shows the answer, as text. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Sample } from '../../../src/console/answers.js';
import { readSample } from '../api/algorithms.js';
import { messageOf } from '../api/aws.js';
import { type Answer, invokeEndpoint } from '../api/invoke.js';
import { invokeEndpointAsync } from '../api/invoke-async.js';
import { formatBytes } from '../text/format.js';
import { Icon } from './icon.js';
import { Samples } from './samples.js';

interface TryItProps {
  readonly name: string;
  /** The algorithm that its image names, whose samples are offered. */
  readonly algorithm: string;
  readonly isInService: boolean;
  /** Whether its answers become objects in S3. */
  readonly isAsync: boolean;
  /** Whether each request names its model. */
  readonly isMultiModel: boolean;
  readonly variants: readonly string[];
}

/** An answer beyond this is cut: it is for people. */
const SHOWN_CHARACTERS = 100_000;

export function TryIt({ name, algorithm, isInService, isAsync, isMultiModel, variants }: TryItProps) {
  const [body, setBody] = useState<string | Uint8Array<ArrayBuffer>>('');
  const [problem, setProblem] = useState<string>();
  const [contentType, setContentType] = useState('text/csv');
  const [accept, setAccept] = useState('');
  const [variant, setVariant] = useState('');
  const [targetModel, setTargetModel] = useState('');
  const [answer, setAnswer] = useState<Answer | string>();
  const [isWaiting, setWaiting] = useState(false);
  const leaving = useMemo(() => new AbortController(), []);
  useEffect(() => () => leaving.abort(), [leaving]);
  const send = async (event: Event) => {
    event.preventDefault();
    setWaiting(true);
    const request = { endpoint: name, body, contentType, accept, variant, targetModel };
    const answering = isAsync ? invokeEndpointAsync(request, leaving.signal) : invokeEndpoint(request);
    setAnswer(await answering.catch(messageOf));
    setWaiting(false);
  };
  const take = async (sample: Sample, index: number) => {
    try {
      const content = await readSample(algorithm, index);
      setBody(textOf(content) ?? content);
      setContentType(sample.contentType);
      setAccept(sample.accept);
      setProblem(undefined);
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <section class="card" aria-labelledby="try-title">
      <div class="card-head">
        <h2 id="try-title">Try it</h2>
        {isAsync && <span class="quiet-text">asynchronous: the answer becomes an object in S3</span>}
      </div>
      <form class="form try" onSubmit={(event) => void send(event)}>
        <Samples algorithm={algorithm} onTake={(sample, index) => void take(sample, index)} />
        {problem !== undefined && <p class="failure">{problem}</p>}
        {typeof body === 'string' ? (
          <label>
            Request
            <textarea
              rows={6}
              spellcheck={false}
              value={body}
              onInput={({ currentTarget }) => setBody(currentTarget.value)}
            />
          </label>
        ) : (
          <p>
            {formatBytes(body.length)} of binary data{' '}
            <button type="button" class="small" onClick={() => setBody('')}>
              Type text instead
            </button>
          </p>
        )}
        <div class="fields">
          <label>
            Content type
            <input value={contentType} onInput={({ currentTarget }) => setContentType(currentTarget.value)} />
          </label>
          <label>
            Accept
            <input
              value={accept}
              placeholder="the container’s default"
              onInput={({ currentTarget }) => setAccept(currentTarget.value)}
            />
          </label>
          {isMultiModel && (
            <label>
              Target model
              <input
                value={targetModel}
                placeholder="model.tar.gz"
                onInput={({ currentTarget }) => setTargetModel(currentTarget.value)}
              />
            </label>
          )}
          {variants.length > 1 && !isAsync && (
            <label>
              Variant
              <select value={variant} onChange={({ currentTarget }) => setVariant(currentTarget.value)}>
                <option value="">by weight</option>
                {variants.map((one) => (
                  <option key={one}>{one}</option>
                ))}
              </select>
            </label>
          )}
          <button type="submit" class="primary" disabled={!isInService || isWaiting}>
            <Icon name="play" /> {isWaiting ? 'Waiting…' : 'Send'}
          </button>
        </div>
      </form>
      {!isInService && <p class="quiet-text padded">The endpoint is not in service.</p>}
      <div role="status">{answer !== undefined && <AnswerView answer={answer} />}</div>
    </section>
  );
}

// --- internal ---

/** Undefined for what is no text. */
function textOf(content: Uint8Array<ArrayBuffer>): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}

function AnswerView({ answer }: { readonly answer: Answer | string }) {
  if (typeof answer === 'string') return <p class="failure">{answer}</p>;
  const { status, contentType, variant, text, bytes, milliseconds } = answer;
  const shown = text.slice(0, SHOWN_CHARACTERS);
  return (
    <div class="answer">
      <p class="quiet-text">
        <span class={`status ${status < 300 ? 'good' : 'bad'}`}>
          <span class="dot" />
          {status}
        </span>{' '}
        {contentType} · {formatBytes(bytes)} · {Math.round(milliseconds)} ms{variant && ` · ${variant}`}
      </p>
      <pre tabIndex={0} role="group" aria-label="Answer">
        {shown}
      </pre>
      {shown.length < text.length && <p class="quiet-text">The answer is longer than what is shown.</p>}
    </div>
  );
}
