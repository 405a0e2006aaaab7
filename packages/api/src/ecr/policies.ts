/**
 * Settings of a repository that are kept and change nothing here: who may use it, when its images expire, whether a push
 * starts a scan. This machine has one user and no scanner, and removes no image by itself.
 */
import type { Operation } from '../protocol/run-operation.js';
import type { RepositoryBody } from '../registry/registry.js';
import { ServiceError } from '../service-error.js';
import { type Ecr, findRepository, invalidParameter, type RepositoryRequest } from './context.js';

interface SetPolicyRequest extends RepositoryRequest {
  readonly policyText: string;
}

interface PutLifecycleRequest extends RepositoryRequest {
  readonly lifecyclePolicyText: string;
}

interface PutScanningRequest extends RepositoryRequest {
  readonly imageScanningConfiguration: { readonly scanOnPush?: boolean };
}

export function policyOperations(ecr: Ecr): Readonly<Record<string, Operation>> {
  const { store, account } = ecr;
  const answer = (repositoryName: string) => ({ registryId: account.id, repositoryName });
  const change = (request: RepositoryRequest, changes: Partial<RepositoryBody>) => {
    const record = findRepository(ecr, request);
    store.records.update({ ...record, modified: Date.now() / 1000, body: { ...record.body, ...changes } });
    return answer(record.name);
  };
  /** @throws ServiceError where the repository has none */
  const read = (request: RepositoryRequest, kind: PolicyKind) => {
    const { name, body } = findRepository(ecr, request);
    const text = body[kind];
    if (text !== undefined) return { ...answer(name), [kind]: text };
    const { what, code } = KINDS[kind];
    const place = `the repository with name '${name}' in the registry with id '${account.id}'`;
    throw new ServiceError(code, `${what} policy does not exist for ${place}`);
  };
  const remove = (request: RepositoryRequest, kind: PolicyKind) => {
    const removed = read(request, kind);
    change(request, { [kind]: undefined });
    return removed;
  };
  return {
    SetRepositoryPolicy({ policyText, ...request }: SetPolicyRequest) {
      requireJson(policyText, 'policyText');
      return { ...change(request, { policyText }), policyText };
    },
    GetRepositoryPolicy: (request: RepositoryRequest) => read(request, 'policyText'),
    DeleteRepositoryPolicy: (request: RepositoryRequest) => remove(request, 'policyText'),

    PutLifecyclePolicy({ lifecyclePolicyText, ...request }: PutLifecycleRequest) {
      requireJson(lifecyclePolicyText, 'lifecyclePolicyText');
      return { ...change(request, { lifecyclePolicyText }), lifecyclePolicyText };
    },
    GetLifecyclePolicy: (request: RepositoryRequest) => read(request, 'lifecyclePolicyText'),
    DeleteLifecyclePolicy: (request: RepositoryRequest) => remove(request, 'lifecyclePolicyText'),

    PutImageScanningConfiguration({ imageScanningConfiguration, ...request }: PutScanningRequest) {
      const { scanOnPush = false } = imageScanningConfiguration;
      return { ...change(request, { scanOnPush }), imageScanningConfiguration: { scanOnPush } };
    },
  };
}

// --- internal ---

type PolicyKind = 'policyText' | 'lifecyclePolicyText';

const KINDS: Readonly<Record<PolicyKind, { readonly what: string; readonly code: string }>> = {
  policyText: { what: 'Repository', code: 'RepositoryPolicyNotFoundException' },
  lifecyclePolicyText: { what: 'Lifecycle', code: 'LifecyclePolicyNotFoundException' },
};

function requireJson(text: string, member: string): void {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  } catch {
    // the error below has the text
  }
  throw invalidParameter(`${member} must be a JSON object; received "${text.slice(0, 200)}".`);
}
