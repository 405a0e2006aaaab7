/** The variants of an endpoint, or of its configuration, with the part of the requests that each gets; and its async settings. */
import { listAt, numberAt, textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members } from '../state/state.js';
import { shortName } from '../text/format.js';
import { Facts } from './facts.js';
import { TableCard } from './table-card.js';

interface VariantsProps {
  /** Of DescribeEndpointConfig; none where the configuration has been deleted. */
  readonly configured: readonly Members[];
  /** Of DescribeEndpoint. */
  readonly running?: readonly Members[];
}

export function Variants({ configured, running = [] }: VariantsProps) {
  const names = new Set([...running, ...configured].map((variant) => textAt(variant, 'VariantName') ?? ''));
  const variants = [...names].map((name) => {
    const ofName = (one: Members) => one.VariantName === name;
    const config = configured.find(ofName);
    const now = running.find(ofName);
    const weight = numberAt(now, 'CurrentWeight') ?? numberAt(config, 'InitialVariantWeight') ?? 0;
    const instances = textAt(now, 'CurrentInstanceCount') ?? textAt(config, 'InitialInstanceCount');
    const images = listAt(now, 'DeployedImages').map((image) => textAt(image, 'SpecifiedImage') ?? '');
    return {
      name,
      weight,
      instances,
      images,
      type: textAt(config, 'InstanceType'),
      model: textAt(config, 'ModelName'),
    };
  });
  const sum = variants.reduce((total, { weight }) => total + weight, 0);
  return (
    <TableCard
      title="Variants"
      columns={['Name', 'Weight', 'Requests', 'Instances', 'Model', ...(running.length > 0 ? ['Images'] : [])]}
      empty="None yet."
      rows={variants.map(({ name, weight, instances, type, model, images }) => [
        name,
        name,
        weight,
        sum > 0 ? `${Math.round((100 * weight) / sum)} %` : '–',
        [instances ?? 'serverless', type].filter(Boolean).join(' × '),
        model === undefined ? '–' : <a href={addressOf({ page: 'detail', kind: 'model', name: model })}>{model}</a>,
        ...(running.length > 0
          ? [
              images.map((image, i) => (
                <code key={`${i} ${image}`} title={image} class="block">
                  {shortName(image)}
                </code>
              )),
            ]
          : []),
      ])}
    />
  );
}

/** @param members of DescribeEndpoint or DescribeEndpointConfig */
export function AsyncFacts({ members }: { readonly members: Members }) {
  const config = 'AsyncInferenceConfig';
  return (
    <Facts
      title="Async inference"
      facts={[
        ['Output', textAt(members, `${config}.OutputConfig.S3OutputPath`)],
        ['Failures', textAt(members, `${config}.OutputConfig.S3FailurePath`)],
        [
          'Requests at a time, per instance',
          textAt(members, `${config}.ClientConfig.MaxConcurrentInvocationsPerInstance`),
        ],
      ]}
    />
  );
}
