/** A training or transform job: what it prints, and what went in and came out. */
import type { ComponentChildren } from 'preact';
import { type Fact, Facts, textFacts } from '../parts/facts.js';
import { LogView } from '../parts/log-view.js';
import { Metrics } from '../parts/metrics.js';
import { Objects } from '../parts/objects.js';
import { isBusy } from '../parts/status.js';
import { Timeline } from '../parts/timeline.js';
import { infoOf } from '../state/kinds.js';
import { instancesOf, listAt, textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members, Row } from '../state/state.js';
import { type TransformParameters, usedByTransform } from '../state/transform-parameters.js';
import { useOutput } from '../state/use-resource.js';
import { shortName } from '../text/format.js';

interface BodyProps {
  readonly row: Row;
  readonly members: Members;
}

export function JobBody({ row, members }: BodyProps) {
  const output = useOutput(row.kind, row.name);
  const isTraining = row.kind === 'training-job';
  return (
    <div class="columns">
      <div class="column wide">
        {isTraining && <Metrics metrics={output.metrics} isRunning={isBusy(row.status)} />}
        <LogView output={output} place={infoOf(row.kind).logPlace!(row.name)} />
      </div>
      <div class="column">
        {isTraining ? (
          <TrainingFacts row={row} members={members} />
        ) : (
          <TransformFacts row={row} members={members} used={usedByTransform(output.lines)} />
        )}
      </div>
    </div>
  );
}

// --- internal ---

/** Of what a job does not set: known once it has run. */
const OF_CONTAINER = 'as the container asks';

function TrainingFacts({ row, members }: BodyProps) {
  const artifacts = textAt(members, 'ModelArtifacts.S3ModelArtifacts');
  const isRunning = isBusy(row.status);
  return (
    <>
      <Facts
        title="Hyperparameters"
        facts={textFacts(members, 'HyperParameters')}
        empty="None: the algorithm uses its defaults."
      />
      <Facts title="Input" facts={listAt(members, 'InputDataConfig').map(channelFact)} empty="No channels." />
      <section class="card" aria-label="Output">
        <div class="card-head">
          <h2>Output</h2>
        </div>
        <Objects
          uri={folderOf(artifacts) ?? textAt(members, 'OutputDataConfig.S3OutputPath') ?? ''}
          isOpen={!isRunning}
          version={row.status}
          key={`${isRunning}`}
        />
      </section>
      <Timeline members={members} isRunning={isRunning} />
      <Facts
        title="Settings"
        facts={[
          ['Tuning job', row.parent === null ? undefined : <TuningJobLink arn={row.parent} />],
          ['Image', code(textAt(members, 'AlgorithmSpecification.TrainingImage'))],
          ['Algorithm', code(textAt(members, 'AlgorithmSpecification.AlgorithmName'))],
          ['Input mode', textAt(members, 'AlgorithmSpecification.TrainingInputMode')],
          ['Instances', instancesOf(members)],
          ['Maximum run time', seconds(textAt(members, 'StoppingCondition.MaxRuntimeInSeconds'))],
          ['Role', code(textAt(members, 'RoleArn'))],
        ]}
      />
      <Facts title="Environment" facts={textFacts(members, 'Environment')} />
    </>
  );
}

function TransformFacts({ row, members, used }: BodyProps & { readonly used: TransformParameters | undefined }) {
  const model = textAt(members, 'ModelName') ?? '';
  const output = textAt(members, 'TransformOutput.S3OutputPath') ?? '';
  return (
    <>
      <section class="card" aria-label="Input">
        <div class="card-head">
          <h2>Input</h2>
        </div>
        <Objects uri={textAt(members, 'TransformInput.DataSource.S3DataSource.S3Uri') ?? ''} />
      </section>
      <section class="card" aria-label="Output">
        <div class="card-head">
          <h2>Output</h2>
        </div>
        <Objects uri={output} isOpen={!isBusy(row.status)} version={row.status} key={row.status} />
      </section>
      <Facts
        title="Settings"
        facts={[
          ['Model', <a href={addressOf({ page: 'detail', kind: 'model', name: model })}>{model}</a>],
          ['Content type', textAt(members, 'TransformInput.ContentType')],
          ['Compression', textAt(members, 'TransformInput.CompressionType')],
          ['Split', textAt(members, 'TransformInput.SplitType') ?? 'None'],
          ['Accept', textAt(members, 'TransformOutput.Accept')],
          ['Assemble with', textAt(members, 'TransformOutput.AssembleWith') ?? 'None'],
          ['Input filter', code(textAt(members, 'DataProcessing.InputFilter'))],
          ['Join', textAt(members, 'DataProcessing.JoinSource')],
          ['Output filter', code(textAt(members, 'DataProcessing.OutputFilter'))],
          ['Batch strategy', used?.batchStrategy ?? textAt(members, 'BatchStrategy') ?? OF_CONTAINER],
          ['Payload in MB', used?.maxPayloadInMB ?? textAt(members, 'MaxPayloadInMB') ?? OF_CONTAINER],
          [
            'Concurrent requests',
            used?.maxConcurrentTransforms ?? textAt(members, 'MaxConcurrentTransforms') ?? OF_CONTAINER,
          ],
          ['Invocation timeout', seconds(textAt(members, 'ModelClientConfig.InvocationsTimeoutInSeconds'))],
          ['Invocation retries', textAt(members, 'ModelClientConfig.InvocationsMaxRetries')],
          ['Instance', textAt(members, 'TransformResources.InstanceType')],
        ]}
      />
      <Facts title="Environment" facts={textFacts(members, 'Environment')} />
    </>
  );
}

function TuningJobLink({ arn }: { readonly arn: string }) {
  const name = shortName(arn);
  return <a href={addressOf({ page: 'detail', kind: 'hyper-parameter-tuning-job', name })}>{name}</a>;
}

function channelFact(channel: Members): Fact {
  const uri = textAt(channel, 'DataSource.S3DataSource.S3Uri');
  const type = textAt(channel, 'ContentType');
  return [
    textAt(channel, 'ChannelName') ?? '',
    <>
      {type !== undefined && <span class="tag">{type}</span>}
      {uri !== undefined && <Objects uri={uri} />}
    </>,
  ];
}

/** `s3://bucket/job/output` of `s3://bucket/job/output/model.tar.gz`: the failure and other outputs are there, too. */
function folderOf(uri: string | undefined): string | undefined {
  return uri?.replace(/\/[^/]*$/, '/');
}

function code(text: string | undefined): ComponentChildren {
  return text === undefined ? undefined : <code>{text}</code>;
}

function seconds(text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${text} s`;
}
