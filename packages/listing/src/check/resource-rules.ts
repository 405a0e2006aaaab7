/** Rules of the resource itself: what CreateAlgorithm and CreateModelPackage refuse. */
import { ArgumentError } from '@algo/local';
import { documentsOf, requestProblem } from '../documents/documents.js';
import { type Material, sourceOf } from '../material.js';
import { everyType } from '../product/instance-types.js';
import { isUnknownType } from './instance-rules.js';
import { type Found, type Rule, SOURCES } from './rule.js';

export const RESOURCE_RULES: readonly Rule[] = [
  {
    title: "the requests are as AWS's model of SageMaker requires",
    source: SOURCES.model,
    find: requestProblems,
  },
  {
    title:
      'hyperparameters have names of their own and no default where they are required; channels are read in File or Pipe mode',
    source: SOURCES.createAlgorithm,
    find({ definition: { Name, TrainingSpecification } }) {
      const { SupportedHyperParameters = [], TrainingChannels = [] } = TrainingSpecification ?? {};
      const names = SupportedHyperParameters.map((one) => one.Name);
      const place = `the definition of ${Name}`;
      return [
        ...names
          .filter((name, i) => names.indexOf(name) < i)
          .map((name) => ({ place, text: `hyperparameter "${name}" must have a name of its own; it is used twice` })),
        ...SupportedHyperParameters.filter(
          ({ IsRequired, DefaultValue }) => IsRequired === true && DefaultValue !== undefined,
        ).map((one) => ({ place, text: `hyperparameter "${one.Name}" must not be required: it has a default` })),
        ...TrainingChannels.filter(({ SupportedInputModes }) => SupportedInputModes.includes('FastFile')).map(
          (channel) => ({
            place,
            text: `channel "${channel.Name}" must have the modes File and Pipe only; it has FastFile`,
          }),
        ),
      ];
    },
  },
];

// --- internal ---

/** An unknown instance type is for another rule; AWS's answer would repeat it for each request. */
function requestProblems(material: Material): readonly Found[] {
  const { product } = material.productFile;
  if (!product || !material.profile) return [];
  if (everyType(product).some(({ use, type }) => isUnknownType(use, type))) return [];
  try {
    const problems = documentsOf(sourceOf(material)).map(requestProblem);
    return problems
      .filter((problem) => problem !== undefined)
      .map((problem) => ({
        place: problem.slice(0, problem.indexOf(':')),
        text: problem.slice(problem.indexOf(':') + 2),
      }));
  } catch (error) {
    if (error instanceof ArgumentError)
      return [{ place: material.productFile.file, text: error.message.replace(/\.$/, '') }];
    throw error;
  }
}
