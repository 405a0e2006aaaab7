/** A model or a model package: its containers with their data, then its other members. */
import { Containers } from '../parts/containers.js';
import { Facts } from '../parts/facts.js';
import { containersOf, listAt, textAt } from '../state/members.js';
import { withAt } from '../state/request.js';
import { addressOf } from '../state/route.js';
import type { Members } from '../state/state.js';
import { ResourceBody } from './resource-body.js';

export function ModelBody({ members }: { readonly members: Members }) {
  const { PrimaryContainer: _, Containers: __, ...rest } = members;
  return (
    <ResourceBody members={rest}>
      <Containers containers={containersOf(members)} />
    </ResourceBody>
  );
}

export function ModelPackageBody({ members }: { readonly members: Members }) {
  const group = textAt(members, 'ModelPackageGroupName');
  const { ModelPackageGroupName: _, ModelPackageVersion: __, ModelApprovalStatus: ___, ...other } = members;
  const rest = withAt(other, 'InferenceSpecification.Containers', undefined);
  return (
    <ResourceBody members={rest}>
      {group !== undefined && (
        <Facts
          title={`Version ${textAt(members, 'ModelPackageVersion')}`}
          facts={[
            ['Group', <a href={addressOf({ page: 'detail', kind: 'model-package-group', name: group })}>{group}</a>],
            ['Approval', textAt(members, 'ModelApprovalStatus')],
          ]}
        />
      )}
      <Containers containers={listAt(members, 'InferenceSpecification.Containers')} />
    </ResourceBody>
  );
}
