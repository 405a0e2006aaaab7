/** Invocations of an endpoint, and what the runtime refuses. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { deploy, invoke, isSettled, makeConfig } from '../../support/endpoint.js';
import { placeModel } from '../../support/model.js';
import { openScene } from '../../support/scene.js';

/** The payload of each event of a stream: length of the event, length of its headers, checksum, headers, payload, checksum. */
function payloadsOf(stream: Buffer): readonly string[] {
  const payloads: string[] = [];
  for (let at = 0; at < stream.length; at += stream.readUInt32BE(at)) {
    const start = at + 12 + stream.readUInt32BE(at + 4);
    payloads.push(stream.toString('latin1', start, at + stream.readUInt32BE(at) - 4));
  }
  return payloads;
}

describe('the runtime', () => {
  it('refuses what it would have to leave out', async () => {
    const scene = await openScene();
    await deploy(scene);

    const component = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Inference-Component': 'x' });
    const explained = await invoke(scene.api.url, 'end', '5', { 'X-Amzn-SageMaker-Enable-Explanations': 'true' });

    expect([component, explained].map(({ text }) => JSON.parse(text))).toMatchObject([
      { __type: 'ValidationError', message: 'InferenceComponentName is not available on this machine.' },
      { __type: 'ValidationError', message: 'EnableExplanations is not available on this machine.' },
    ]);
  });

  it('gives the container’s error as ModelError with its status and text', async () => {
    const scene = await openScene();
    await deploy(scene, { REFUSE: '13' });

    const { status, headers, text } = await invoke(scene.api.url, 'end', '13');

    expect([status, headers.get('x-amzn-errortype')]).toEqual([424, 'ModelError']);
    expect(JSON.parse(text)).toMatchObject({
      OriginalStatusCode: 400,
      OriginalMessage: '{"error":{"message":"no 13"}}',
      LogStreamArn: 'arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/end',
      Message: expect.stringMatching(/^Received client error \(400\) from primary with message "\{"error/),
    });
  });

  it('passes a long answer on as a stream of events', async () => {
    const scene = await openScene();
    await deploy(scene);
    const warned = vi.fn();
    process.on('warning', warned);
    onTestFinished(() => void process.off('warning', warned));

    const url = `${scene.api.url}/endpoints/end/invocations-response-stream`;
    const answer = await fetch(url, { method: 'POST', body: '5\n'.repeat(500_000) });
    const events = Buffer.from(await answer.arrayBuffer());

    expect(answer.headers.get('content-type')).toBe('application/vnd.amazon.eventstream');
    expect(payloadsOf(events).join('')).toBe(Array(500_000).fill('15').join('\n'));
    expect(warned).not.toHaveBeenCalled();
  });

  it('gives an answer of 25 MiB, and ModelError for a longer one', async () => {
    const scene = await openScene();
    const bytes = 25 * 1024 * 1024;
    await placeModel(scene);
    const ends = await Promise.all(
      [bytes, bytes + 1].map(async (ANSWER_BYTES, i) => {
        const name = `end-${i}`;
        await makeConfig(scene, name, { Environment: { ANSWER_BYTES: String(ANSWER_BYTES) } });
        await scene.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: name });
        await scene.until('DescribeEndpoint', { EndpointName: name }, isSettled);
        return invoke(scene.api.url, name, '8');
      }),
    );

    const [whole, over] = ends as [(typeof ends)[0], (typeof ends)[0]];

    expect([whole.status, whole.text.length]).toEqual([200, bytes]);
    expect([over.status, JSON.parse(over.text).OriginalMessage]).toEqual([
      ...[424, 'The answer must have up to 26214400 bytes; it has more.'],
    ]);
  });

  it('gives up on a container that does not answer in time', async () => {
    const scene = await openScene({ invocationTimeoutMs: 50 });
    await deploy(scene, { BEHAVE: 'silent' });

    const { status, text } = await invoke(scene.api.url, 'end', '5');

    expect(status).toBe(424);
    expect(JSON.parse(text).Message).toContain('(0) from primary with message "Your invocation timed out');
  });

  it('refuses a body that is too large, names that cannot be, and what it does not have', async () => {
    const { api } = await openScene();

    const large = await invoke(api.url, 'end', ' '.repeat(25 * 1024 * 1024 + 1));
    const name = await invoke(api.url, encodeURIComponent('../x'), '5');
    const async = await fetch(`${api.url}/endpoints/end/unknown`, { method: 'POST' });

    expect(large.status).toBe(413);
    expect([name.status, JSON.parse(name.text).__type]).toEqual([400, 'ValidationError']);
    expect(JSON.parse(name.text).message).toContain("Value '../x' at 'endpointName' failed to satisfy constraint");
    expect([async.status, await async.text()]).toEqual([404, expect.stringContaining('POST /endpoints/end/unknown')]);
  });
});
