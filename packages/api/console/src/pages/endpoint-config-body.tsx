/** An endpoint's configuration: its variants, its async settings, its other members. */
import { AsyncFacts, Variants } from '../parts/variants.js';
import { listAt } from '../state/members.js';
import type { Members } from '../state/state.js';
import { ResourceBody } from './resource-body.js';

export function EndpointConfigBody({ members }: { readonly members: Members }) {
  const { ProductionVariants: _, AsyncInferenceConfig: __, ...rest } = members;
  return (
    <ResourceBody members={rest}>
      <Variants configured={listAt(members, 'ProductionVariants')} />
      <AsyncFacts members={members} />
    </ResourceBody>
  );
}
