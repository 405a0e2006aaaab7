/** A role of the product, with what it may do. A role of the same name that publishing did not make is used as it is. */
import type { Role } from '../../documents/roles.js';
import { unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { isOwn, tagsOf } from '../mark.js';
import type { Step } from '../step.js';

export const POLICY = 'algo-publish';

/** @param who assumes it, as said before it is made */
export function roleStep(context: PublishContext, name: string, role: Role, who: string): Step {
  const { iam } = context.clients;
  const trust = JSON.stringify(role.trust);
  const policy = JSON.stringify(role.policy);
  const find = async () => (await unlessMissing(iam.getRole({ RoleName: role.name })))?.Role;
  const hasPolicy = async () => {
    const found = await unlessMissing(iam.getRolePolicy({ RoleName: role.name, PolicyName: POLICY }));
    return found !== undefined && isSame(found.PolicyDocument, policy);
  };
  return {
    name,
    makes: [`role ${role.name}, which ${who} assumes, with the policy ${POLICY}`],
    hours: [0, 0.1],
    async isDone() {
      const found = await find();
      if (!found) return { isDone: false, text: `there is no role ${role.name}` };
      if (!isOwn(found.Tags, context.mark))
        return { isDone: true, text: `role ${role.name} is somebody else's and used as it is` };
      if (!(await hasPolicy()))
        return { isDone: false, isPartly: true, text: `role ${role.name} lacks its policy, or has another one` };
      return { isDone: true, text: `role ${role.name} is there` };
    },
    async do() {
      if (!(await find())) {
        const Tags = tagsOf(context.mark);
        await iam.createRole({ RoleName: role.name, AssumeRolePolicyDocument: trust, Tags });
      }
      await iam.putRolePolicy({ RoleName: role.name, PolicyName: POLICY, PolicyDocument: policy });
      return `made role ${role.name}`;
    },
  };
}

// --- internal ---

/** IAM answers documents percent-encoded. */
function isSame(encoded: string | undefined, document: string): boolean {
  if (encoded === undefined) return false;
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(encoded))) === document;
  } catch {
    return false;
  }
}
