/**
 * IAM, as far as SageMaker's clients and those who publish ask it: roles and their policies. Every role may do everything on this
 * machine, and every name is a role, unless only those exist that clients have made.
 */
import { serviceModel } from '../model/service-model.js';
import { queryService } from '../protocol/query.js';
import type { Service } from '../server/exchange.js';
import { type RoleOptions, roleOperations } from './role-operations.js';

export function iamService(options: RoleOptions): Service {
  return queryService({
    name: 'IAM',
    model: serviceModel('iam'),
    operations: {
      ...roleOperations(options),
      SimulatePrincipalPolicy: ({ ActionNames, ResourceArns = ['*'] }: SimulateInput) => ({
        EvaluationResults: ActionNames.flatMap((EvalActionName) =>
          ResourceArns.map((EvalResourceName) => ({
            ...{ EvalActionName, EvalResourceName, EvalDecision: 'allowed' },
            ...{ MatchedStatements: [], MissingContextValues: [] },
          })),
        ),
        IsTruncated: false,
      }),
    },
  });
}

// --- internal ---

interface SimulateInput {
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
}
