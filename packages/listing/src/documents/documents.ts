/** All documents of a product, by file name, each checked against AWS's model of the service. */
import { checkChangeSet, checkRequest, ServiceError } from '@algo/api/requests';
import { ArgumentError } from '@algo/local';
import type { ChangeSet } from './change-set.js';
import { createAlgorithm } from './create-algorithm.js';
import { createModelPackage } from './create-model-package.js';
import { rolesOf } from './roles.js';
import type { Document, Source } from './source.js';

export const CHANGE_SET_FILE = 'start-change-set.json';
export const PUBLIC_CHANGE_SET_FILE = 'make-public-change-set.json';

export type Operation = 'CreateAlgorithm' | 'CreateModelPackage';

export interface NamedDocument {
  /** `create-algorithm.json` */
  readonly file: string;
  readonly document: Document;
  /** The operation of SageMaker whose request it is; undefined for a policy. */
  readonly operation?: Operation;
}

/**
 * Of an algorithm: CreateAlgorithm, and CreateModelPackage of a model that it trained, with the algorithm or with the image as
 * its source. Of a model package: CreateModelPackage, with the model where the validation profile has it. For both, the roles.
 */
export function documentsOf(source: Source): readonly NamedDocument[] {
  const { definition, profile } = source;
  const requests: readonly (readonly [file: string, operation: Operation, document: Document])[] =
    definition.TrainingSpecification
      ? [
          ['create-algorithm', 'CreateAlgorithm', createAlgorithm(source)],
          ['create-model-package-from-algorithm', 'CreateModelPackage', createModelPackage(source, 'algorithm')],
          ['create-model-package', 'CreateModelPackage', createModelPackage(source, 's3')],
        ]
      : [
          [
            'create-model-package',
            'CreateModelPackage',
            createModelPackage(source, profile.model === undefined ? 'image' : 's3'),
          ],
        ];
  return [
    ...requests.map(([name, operation, document]) => ({ file: `${name}.json`, operation, document })),
    ...rolesOf(source).flatMap(({ name, trust, policy }) => [
      { file: `${name}-trust.json`, document: trust },
      { file: `${name}-policy.json`, document: policy },
    ]),
  ];
}

/** What the rules of AWS Marketplace's catalog have against a change set; undefined where it is as it must be. */
export function changeSetProblem(changes: ChangeSet, file = CHANGE_SET_FILE): string | undefined {
  return problemOf(file, () => checkChangeSet(changes));
}

/** What AWS's model of SageMaker has against a request; undefined where it is as it must be. */
export function requestProblem({ file, operation, document }: NamedDocument): string | undefined {
  if (operation === undefined) return undefined;
  return problemOf(file, () => checkRequest('sagemaker', operation, document));
}

/** @throws ArgumentError with every constraint of AWS's model that a document breaks */
export function checkDocuments(documents: readonly NamedDocument[]): void {
  const problems = documents.map(requestProblem).filter((problem) => problem !== undefined);
  if (problems.length > 0) throw new ArgumentError(problems.join('\n'));
}

// --- internal ---

function problemOf(file: string, check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof ServiceError) return `${file}: ${error.message}`;
    throw error;
  }
}
