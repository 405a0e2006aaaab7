/** CreateRole, GetRole, DeleteRole, the policies in a role, and the managed ones that it has. */
import type { Account } from '../account.js';
import type { Operation } from '../protocol/run-operation.js';
import { ServiceError } from '../service-error.js';
import type { StoredRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { checkTagKeys, type Tag } from '../store/tags.js';
import { roleIdOf, rolePathOf } from './role.js';

export interface RoleOptions {
  readonly account: Account;
  readonly store: Store;
  readonly onlyMadeRoles: boolean;
}

interface RoleInput {
  readonly RoleName: string;
}

interface PolicyInput extends RoleInput {
  readonly PolicyName: string;
}

interface CreateInput extends RoleInput {
  readonly Path?: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration?: number;
  readonly Tags?: readonly Tag[];
}

interface RoleBody {
  readonly Path: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
  readonly MaxSessionDuration: number;
  /** Documents by name. */
  readonly policies: Readonly<Record<string, string>>;
  /** The name of AWS's own policy that the role has, if any. */
  readonly attached?: string;
}

type Role = StoredRecord<RoleBody>;

export function roleOperations({ account, store, onlyMadeRoles }: RoleOptions): Readonly<Record<string, Operation>> {
  const { records, tags } = store;
  const arnOf = (Path: string, name: string) => `arn:aws:iam::${account.id}:role${Path}${name}`;
  const made = (name: string): Role => {
    const found = records.find<RoleBody>(ROLE, name);
    if (found) return found;
    throw noSuchEntity(`The role with name ${name} cannot be found.`);
  };
  const find = (name: string): Role =>
    onlyMadeRoles ? made(name) : (records.find<RoleBody>(ROLE, name) ?? anyRole(name, arnOf));
  const describe = ({ name, arn, created, body }: Role) => {
    const { Path, AssumeRolePolicyDocument, Description, MaxSessionDuration } = body;
    return {
      ...{ Path, RoleName: name, RoleId: roleIdOf(name), Arn: arn, Description, MaxSessionDuration },
      CreateDate: created,
      AssumeRolePolicyDocument: encodeURIComponent(AssumeRolePolicyDocument),
      Tags: tags.of(arn),
    };
  };
  const setPolicies = (role: Role, policies: RoleBody['policies']) => {
    records.update({ ...role, modified: Date.now() / 1000, body: { ...role.body, policies } });
    return {};
  };
  return {
    CreateRole(request: CreateInput) {
      const { RoleName: name, Path = '/', Tags = [], Description, MaxSessionDuration = 3600 } = request;
      const document = parsed(request.AssumeRolePolicyDocument);
      checkTagKeys(Tags, (message) => new ServiceError('InvalidInput', message));
      const created = Date.now() / 1000;
      const role: Role = {
        ...{ kind: ROLE, name, arn: arnOf(Path, name), status: '', created, modified: created },
        body: {
          ...{ Path, AssumeRolePolicyDocument: document, MaxSessionDuration, policies: {} },
          ...(Description !== undefined && { Description }),
        },
      };
      store.transaction(() => {
        if (!records.insert(role)) throw alreadyExists(`Role with name ${name} already exists.`);
        tags.set(role.arn, Tags);
      });
      return { Role: describe(role) };
    },

    GetRole: ({ RoleName }: RoleInput) => ({ Role: describe(find(RoleName)) }),

    DeleteRole({ RoleName }: RoleInput) {
      const role = made(RoleName);
      if (Object.keys(role.body.policies).length > 0) {
        throw new ServiceError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      }
      store.transaction(() => {
        records.remove(ROLE, RoleName);
        tags.removeAll(role.arn);
      });
      return {};
    },

    PutRolePolicy({ RoleName, PolicyName, PolicyDocument }: PolicyInput & { readonly PolicyDocument: string }) {
      const document = parsed(PolicyDocument);
      return store.transaction(() => {
        const role = find(RoleName);
        records.insert(role); // one that nobody made has no record yet
        return setPolicies(role, { ...role.body.policies, [PolicyName]: document });
      });
    },

    GetRolePolicy({ RoleName, PolicyName }: PolicyInput) {
      const { body } = withPolicy(find(RoleName), PolicyName);
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(body.policies[PolicyName]!) };
    },

    DeleteRolePolicy({ RoleName, PolicyName }: PolicyInput) {
      const role = withPolicy(find(RoleName), PolicyName);
      const { [PolicyName]: _, ...policies } = role.body.policies;
      return setPolicies(role, policies);
    },

    ListRolePolicies: ({ RoleName }: RoleInput) => ({
      PolicyNames: Object.keys(find(RoleName).body.policies).sort(),
      IsTruncated: false,
    }),

    ListAttachedRolePolicies({ RoleName }: RoleInput) {
      const { attached: name } = find(RoleName).body;
      const policies = name === undefined ? [] : [{ PolicyName: name, PolicyArn: `arn:aws:iam::aws:policy/${name}` }];
      return { AttachedPolicies: policies, IsTruncated: false };
    },
  };
}

// --- internal ---

const ROLE = 'role';
/** What roles that nobody made have. */
const ANY_ROLE_POLICY = 'AmazonSageMakerFullAccess';
/** Seconds since 1970 of 2024-01-01. */
const ROLE_CREATED_S = 1_704_067_200;
const TRUST_POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** A role as every name is one. @param arnOf gives a role's ARN by its path and name */
function anyRole(name: string, arnOf: (path: string, name: string) => string): Role {
  const Path = rolePathOf(name);
  const AssumeRolePolicyDocument = JSON.stringify(TRUST_POLICY);
  return {
    ...{ kind: ROLE, name, arn: arnOf(Path, name), status: '', created: ROLE_CREATED_S, modified: ROLE_CREATED_S },
    body: { Path, AssumeRolePolicyDocument, MaxSessionDuration: 3600, policies: {}, attached: ANY_ROLE_POLICY },
  };
}

/** @returns the document as it is kept @throws ServiceError MalformedPolicyDocument for what is no JSON */
function parsed(document: string): string {
  try {
    JSON.parse(document);
    return document;
  } catch {
    throw new ServiceError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

/** @throws ServiceError NoSuchEntity where the role has no policy of that name */
function withPolicy(role: Role, name: string): Role {
  if (Object.hasOwn(role.body.policies, name)) return role;
  throw noSuchEntity(`The role policy with name ${name} cannot be found.`);
}

function noSuchEntity(message: string): ServiceError {
  return new ServiceError('NoSuchEntity', message, 404);
}

function alreadyExists(message: string): ServiceError {
  return new ServiceError('EntityAlreadyExists', message, 409);
}
