/** An endpoint: a form to try it, its variants, the metrics of its containers, its async settings, its log. */
import { algorithmOf } from '../api/algorithms.js';
import { ContainerMetrics } from '../parts/container-metrics.js';
import { Facts } from '../parts/facts.js';
import { LogView } from '../parts/log-view.js';
import { TryIt } from '../parts/try-it.js';
import { AsyncFacts, Variants } from '../parts/variants.js';
import { infoOf } from '../state/kinds.js';
import { containersOf, isMultiModel, listAt, textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members, Row } from '../state/state.js';
import { useDetail, useOutput } from '../state/use-resource.js';

export function EndpointBody({ row, members }: { readonly row: Row; readonly members: Members }) {
  const output = useOutput(row.kind, row.name);
  const variants = listAt(members, 'ProductionVariants');
  const image = textAt(listAt(variants[0], 'DeployedImages')[0], 'SpecifiedImage') ?? '';
  const config = textAt(members, 'EndpointConfigName') ?? '';
  const detail = useDetail('endpoint-config', config);
  const configured = detail?.status === 'ready' ? listAt(detail.members, 'ProductionVariants') : [];
  const model = useDetail('model', textAt(configured[0], 'ModelName') ?? '');
  return (
    <div class="columns">
      <div class="column wide">
        <TryIt
          name={row.name}
          algorithm={algorithmOf(image)}
          isInService={row.status === 'InService'}
          isAsync={members.AsyncInferenceConfig !== undefined}
          isMultiModel={model?.status === 'ready' && containersOf(model.members).some(isMultiModel)}
          variants={variants.map(variantName)}
        />
        <Variants configured={configured} running={variants} />
        <ContainerMetrics key={row.name} endpoint={row.name} isInService={row.status === 'InService'} />
        <LogView output={output} place={infoOf('endpoint').logPlace!(row.name)} />
      </div>
      <div class="column">
        <Facts
          title="Settings"
          facts={[
            [
              'Configuration',
              <a href={addressOf({ page: 'detail', kind: 'endpoint-config', name: config })}>{config}</a>,
            ],
            ['ARN', <code>{textAt(members, 'EndpointArn')}</code>],
          ]}
        />
        <AsyncFacts members={members} />
      </div>
    </div>
  );
}

// --- internal ---

function variantName(variant: Members): string {
  return textAt(variant, 'VariantName') ?? '';
}
