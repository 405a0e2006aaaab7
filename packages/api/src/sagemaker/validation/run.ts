/** The validation of an algorithm or a model package as work of the scheduler, with its statuses. */
import { SERVER_STOPPED } from '../../jobs/failure.js';
import { platformText } from '../../jobs/platform-names.js';
import type { JobKind } from '../../jobs/scheduler.js';
import type { ValidationStatus } from '../marketplace/status-details.js';
import { now, type SageMaker } from '../resources/context.js';
import { abandonPlan, runPlan, type ValidationPlan } from './plan.js';

/** A resource with a validation. */
export interface ValidatedKind<Body> {
  readonly kind: string;
  /** Undefined where the resource has no validation profile. */
  plan(body: Body): ValidationPlan | undefined;
  /** The body with a status of the resource and of its profile. */
  withStatus(body: Body, status: ResourceStatus, profile: ValidationStatus, failure?: string): Body;
}

type ResourceStatus = 'InProgress' | 'Completed' | 'Failed';

export function validationKind<Body extends object>(sageMaker: SageMaker, validated: ValidatedKind<Body>): JobKind {
  const { store } = sageMaker;
  const find = (name: string) => store.records.find<Body>(validated.kind, name);
  const save = (name: string, status: ResourceStatus, profile: ValidationStatus, failure?: string) => {
    const record = find(name);
    if (!record) return;
    const reason = failure === undefined ? undefined : platformText(sageMaker, failure);
    const body = validated.withStatus(record.body, status, profile, reason);
    store.records.update({ ...record, status, modified: now(), body });
  };
  return {
    async run(name, signal) {
      const record = find(name);
      const plan = record && validated.plan(record.body);
      if (!plan) return () => undefined;
      store.transaction(() => save(name, 'InProgress', 'InProgress'));
      const failure = await runPlan(sageMaker, plan, signal);
      if (failure !== undefined && sageMaker.closing.aborted) return () => this.abandon(name, SERVER_STOPPED);
      if (failure === undefined) return () => save(name, 'Completed', 'Completed');
      return () => {
        abandonPlan(sageMaker, plan.prefix, failure); // what could not record its own end
        save(name, 'Failed', 'Failed', failure);
      };
    },
    abandon(name, cause) {
      const record = find(name);
      const plan = record && validated.plan(record.body);
      if (plan) abandonPlan(sageMaker, plan.prefix, cause);
      save(name, 'Failed', 'Failed', `InternalServerError: ${cause}`);
    },
  };
}
