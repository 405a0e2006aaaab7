/** IAM, as far as SageMaker's clients ask it: a role and its policies. Every role may do everything on this machine. */
import type { Account } from '../account.js';
import { serviceModel } from '../model/service-model.js';
import { queryService } from '../protocol/query.js';
import type { Service } from '../server/exchange.js';
import { roleIdOf, rolePathOf } from './role.js';

export function iamService({ id }: Account): Service {
  return queryService({
    name: 'IAM',
    model: serviceModel('iam'),
    operations: {
      GetRole: ({ RoleName }: RoleInput) => {
        const Path = rolePathOf(RoleName);
        return {
          Role: {
            ...{ Path, RoleName, RoleId: roleIdOf(RoleName), Arn: `arn:aws:iam::${id}:role${Path}${RoleName}` },
            ...{ CreateDate: ROLE_CREATED_S, MaxSessionDuration: 3600 },
            AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(TRUST_POLICY)),
          },
        };
      },
      ListAttachedRolePolicies: (_: RoleInput) => ({
        AttachedPolicies: [{ PolicyName: POLICY, PolicyArn: `arn:aws:iam::aws:policy/${POLICY}` }],
        IsTruncated: false,
      }),
      ListRolePolicies: (_: RoleInput) => ({ PolicyNames: [], IsTruncated: false }),
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

interface RoleInput {
  readonly RoleName: string;
}

interface SimulateInput {
  readonly ActionNames: readonly string[];
  readonly ResourceArns?: readonly string[];
}

const POLICY = 'AmazonSageMakerFullAccess';
/** Seconds since 1970 of 2024-01-01: roles here were made by nobody. */
const ROLE_CREATED_S = 1_704_067_200;
const TRUST_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};
