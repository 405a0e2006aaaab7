/**
 * Whether an image that is pushed is the one that was validated and checked. What is known to differ is refused; what is not known,
 * as of an image without our bundle, is said.
 */
import { isDeepStrictEqual } from 'node:util';
import { ArgumentError, type ImageContent } from '@algo/local';
import type { PublishContext } from './context.js';
import type { ProductImage } from './images.js';

/**
 * @returns what is not known of it, a line each
 * @throws ArgumentError with the commands to run, where it has another program than was validated or is built
 */
export function compareWithValidated(
  { material, request }: PublishContext,
  { prefix }: ProductImage,
  name: string,
  { diffIds, bundle }: ImageContent,
): readonly string[] {
  const { definition, evidence } = material;
  const isTraining = prefix !== '';
  const validation = evidence.validation.value?.validation;
  const validatedImage = isTraining ? validation?.trainingImage : validation?.image;
  const built = request.trainingImage || isTraining ? undefined : material.bundle; // one of two images may have another program
  const build = `algo image build ${definition.Name}`;
  const checkAgain = `algo image check ${definition.Name}${isTraining ? ` --training --image ${name}` : ''}`;
  const validate = `algo validate ${definition.Name}`;
  const inContainer = `${validate} --runner container`;
  const refuse = (what: string, ...commands: readonly string[]): never => {
    throw new ArgumentError(`Image ${name} must have ${what}; it differs: run ${commands.join(', and ')}.`);
  };
  if (built !== undefined && bundle !== undefined && built !== bundle) {
    refuse('the program as it is built now', build, checkAgain, validate);
  }
  if (validatedImage && !isDeepStrictEqual(validatedImage.diffIds, diffIds)) {
    refuse(`the layers of ${validatedImage.reference} that was validated`, inContainer);
  }
  const ran = validatedImage || built === undefined ? undefined : validation?.bundle;
  if (ran !== undefined && bundle !== undefined && ran !== bundle) refuse('the program that was validated', validate);
  const check = (isTraining ? evidence.trainingImage : evidence.image).value;
  const isChecked =
    check &&
    isDeepStrictEqual(
      check.layers.map(({ diffId }) => diffId),
      diffIds,
    );
  const isKnown = validatedImage !== undefined || (validation?.bundle !== undefined && validation.bundle === bundle);
  return [
    ...(isKnown ? [] : [`not known whether ${name} has the program that was validated: ${inContainer}`]),
    ...(isChecked ? [] : [`${name} is not checked as it is now: ${checkAgain}`]),
  ];
}
