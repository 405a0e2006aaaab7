/** The stacks that `algo listing` wrote for linear regression: checked by TypeScript, and synthesised by AWS CDK. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { App } from 'aws-cdk-lib';
import { check, run } from './steps.js';

const { LISTING, TYPESCRIPT, TYPES } = process.env;
/** Next to the packages that the file imports. */
const folder = join(import.meta.dirname, 'cdk');
const templateOf = (file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

async function synthesised(name) {
  const stacks = await import(join(folder, 'cdk.ts'));
  const app = new App();
  const stack = new stacks[name](app, 'Stack');
  return { stack, template: app.synth().getStackByName('Stack').template };
}

/** CDK adds a parameter and a rule of its own. */
function isSame(template, file) {
  const expected = templateOf(file);
  check(isDeepStrictEqual(template.Resources, expected.Resources), template.Resources);
  check(template.Description === expected.Description, template.Description);
}

await run(['aws-cdk-lib'], {
  'a file that TypeScript takes'() {
    mkdirSync(folder);
    cpSync(LISTING, folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const compilerOptions = { module: 'nodenext', target: 'es2024', strict: true, noEmit: true, typeRoots: [TYPES] };
    Object.assign(compilerOptions, { types: ['node'], skipLibCheck: true, erasableSyntaxOnly: true });
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['cdk.ts'] }));
    execFileSync(process.execPath, [TYPESCRIPT, '-p', folder], { stdio: 'pipe', encoding: 'utf8' });
  },
  async 'a stack of the storage'() {
    const { stack, template } = await synthesised('LinearRegressionStorageStack');
    isSame(template, 'cloudformation-storage.json');
    check(stack.bucket.bucketName === 'sagemaker-us-east-1-000000000000', stack.bucket.bucketName);
  },
  async 'a stack of the product'() {
    const { stack, template } = await synthesised('LinearRegressionStack');
    isSame(template, 'cloudformation-product.json');
    check(stack.algorithm.algorithmName === 'linear-regression-1-0-0', stack.algorithm.algorithmName);
    check(stack.accessRole.roleName === 'linear-regression-marketplace-access', stack.accessRole.roleName);
  },
});
