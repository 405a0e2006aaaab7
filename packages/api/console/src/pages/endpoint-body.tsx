/** An endpoint: a form to try it, its variants, its log. */
import { algorithmOf } from '../api/algorithms.js';
import { Facts } from '../parts/facts.js';
import { LogView } from '../parts/log-view.js';
import { TryIt } from '../parts/try-it.js';
import { infoOf } from '../state/kinds.js';
import { listAt, textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members, Row } from '../state/state.js';
import { useOutput } from '../state/use-resource.js';

export function EndpointBody({ row, members }: { readonly row: Row; readonly members: Members }) {
  const output = useOutput(row.kind, row.name);
  const variants = listAt(members, 'ProductionVariants');
  const image = textAt(listAt(variants[0], 'DeployedImages')[0], 'SpecifiedImage') ?? '';
  const config = textAt(members, 'EndpointConfigName') ?? '';
  return (
    <div class="columns">
      <div class="column wide">
        <TryIt
          name={row.name}
          algorithm={algorithmOf(image)}
          isInService={row.status === 'InService'}
          variants={variants.map(variantName)}
        />
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
        {variants.map((variant) => (
          <Facts
            key={variantName(variant)}
            title={`Variant ${variantName(variant)}`}
            facts={[
              ['Weight', textAt(variant, 'CurrentWeight')],
              ['Instances', textAt(variant, 'CurrentInstanceCount')],
              ...listAt(variant, 'DeployedImages').map(
                (image) => ['Image', <code>{textAt(image, 'SpecifiedImage')}</code>] as const,
              ),
            ]}
          />
        ))}
      </div>
    </div>
  );
}

// --- internal ---

function variantName(variant: Members): string {
  return textAt(variant, 'VariantName') ?? '';
}
