/** The record of an endpoint, and how its status changes. */
import type { StoredRecord } from '../../store/record.js';
import { now, type SageMaker } from '../resources/context.js';
import { ENDPOINT, type EndpointBody, type EndpointStatus } from './shapes.js';

/** The endpoint's record. */
export function findEndpoint({ store }: SageMaker, name: string): StoredRecord<EndpointBody> | undefined {
  return store.records.find<EndpointBody>(ENDPOINT, name);
}

/** Records a status and what goes with it. */
export function change(
  sageMaker: SageMaker,
  name: string,
  status: EndpointStatus,
  changes: Partial<EndpointBody>,
): void {
  const { store } = sageMaker;
  store.transaction(() => {
    const record = findEndpoint(sageMaker, name);
    if (!record) return;
    const time = now();
    const { FailureReason: _, ...body } = record.body;
    const changed = { ...body, ...changes, EndpointStatus: status, LastModifiedTime: time };
    store.records.update({ ...record, status, modified: time, body: changed });
  });
}
