/**
 * InvokeEndpointWithBidirectionalStream as the SDKs send it: HTTP/2 without TLS, and each event, by the SDK's codec, in a
 * signed envelope. npm's registries do not all have the SDK's own client of this service.
 */
import { once } from 'node:events';
import { connect } from 'node:http2';
import { S3 } from '@aws-sdk/client-s3';
import * as sdk from '@aws-sdk/client-sagemaker';
import { EventStreamCodec } from '@smithy/core/event-streams';
import * as made from './made-algorithm.js';
import { check, run } from './steps.js';

const sagemaker = new sdk.SageMaker();
const s3 = new S3();
const EndpointName = 'js-bidirectional';
const wait = { client: sagemaker, maxWaitTime: 600, minDelay: 1, maxDelay: 1 };
const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString(),
  (text) => Buffer.from(text),
);

const string = (value) => ({ type: 'string', value });

function signed(body) {
  const date = { type: 'timestamp', value: new Date() };
  return codec.encode({
    headers: { ':date': date, ':chunk-signature': { type: 'binary', value: Buffer.alloc(32) } },
    body,
  });
}

/** @param headers DataType and others */
function part(text, headers = {}) {
  const all = { ':message-type': 'event', ':event-type': 'PayloadPart', ...headers };
  const texts = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, string(value)]));
  return signed(codec.encode({ headers: texts, body: Buffer.from(text) }));
}

/** An open stream: its status, and messages by name and text until its end. */
async function open() {
  const session = connect(process.env.AWS_ENDPOINT_URL);
  const path = `/endpoints/${EndpointName}/invocations-bidirectional-stream`;
  const stream = session.request({ ':method': 'POST', ':path': path }, { endStream: false });
  const [head] = await once(stream, 'response');
  let pending = Buffer.alloc(0);
  async function* messages() {
    for await (const chunk of stream) {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= pending.readUInt32BE()) {
        const length = pending.readUInt32BE();
        const { headers, body } = codec.decode(pending.subarray(0, length));
        pending = pending.subarray(length);
        const type = (headers[':event-type'] ?? headers[':exception-type']).value;
        yield [type, headers.CompletionState?.value, Buffer.from(body).toString()].join(' ');
      }
    }
  }
  const said = messages();
  const next = async () => (await said.next()).value;
  return { head, next, stream, close: () => session.close() };
}

await run(['@smithy/core', '@aws-sdk/client-sagemaker'], {
  async endpoint() {
    await s3.createBucket({ Bucket: made.BUCKET });
    for (const file of made.uploads()) await s3.putObject({ Bucket: made.BUCKET, ...file });
    await sagemaker.createTrainingJob(made.job('js-job'));
    await sdk.waitUntilTrainingJobCompletedOrStopped(wait, { TrainingJobName: 'js-job' });
    const { ModelArtifacts } = await sagemaker.describeTrainingJob({ TrainingJobName: 'js-job' });
    const PrimaryContainer = { Image: made.Image, ModelDataUrl: ModelArtifacts.S3ModelArtifacts };
    await sagemaker.createModel({ ModelName: 'js-model', PrimaryContainer, ExecutionRoleArn: made.RoleArn });
    const ProductionVariants = [made.variant('js-model')];
    await sagemaker.createEndpointConfig({ EndpointConfigName: 'js-config', ProductionVariants });
    await sagemaker.createEndpoint({ EndpointConfigName: 'js-config', EndpointName });
    await sdk.waitUntilEndpointInService(wait, { EndpointName });
  },
  async 'messages both ways'() {
    const { head, next, stream, close } = await open();
    check(head[':status'] === 200 && head['x-amzn-invoked-production-variant'] === 'all', head);
    const labels = [];
    for (const sentence of made.SENTENCES) {
      stream.write(part(sentence, { DataType: 'UTF8' }));
      labels.push(await next(), await next());
    }
    const expected = ['technical', 'delivery'].flatMap((label) => [
      `PayloadPart PARTIAL ${label}`,
      'PayloadPart COMPLETE .',
    ]);
    check(labels.join() === expected.join(), labels);
    stream.end(signed(Buffer.alloc(0)));
    check((await next()) === undefined, 'more after the end');
    close();
  },
  async 'error: the container closes'() {
    const { next, stream, close } = await open();
    stream.write(part('Stop!'));
    const said = await next();
    check(/^ModelStreamError .*code 1008: asked to stop/.test(said), said);
    stream.end();
    close();
  },
});
