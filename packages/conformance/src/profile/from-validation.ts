/**
 * The conformance profile of a product of ours: its validation profile and definition say almost all of it; a file
 * conformance-profile.json next to the validation profile adds the rest, such as a job that trains until it is stopped.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type AlgorithmDescription,
  type ChannelInput,
  readValidationProfile,
  type ValidationProfile,
} from '@algo/local';
import { type ConformanceProfile, EMPTY_PROFILE, readConformanceProfile, type SampleRequest } from './profile.js';

const CONFORMANCE_FILE = 'conformance-profile.json';

/**
 * @param sampleData  folder with validation-profile.json
 * @param description what the program prints for `describe`
 * @throws ArgumentError when a profile is missing or cannot be used
 */
export async function profileOfProduct(
  sampleData: string,
  description: AlgorithmDescription,
): Promise<ConformanceProfile> {
  const validation = await readValidationProfile(sampleData);
  const file = join(sampleData, CONFORMANCE_FILE);
  const own = existsSync(file) ? readConformanceProfile(file) : EMPTY_PROFILE;
  const training = trainingOf(validation, sampleData, description);
  return {
    ...own,
    ...(training && {
      training: {
        ...training,
        channels: { ...training.channels, ...own.training?.channels },
        hyperparameters: { ...training.hyperparameters, ...own.training?.hyperparameters },
      },
    }),
    ...(validation.model !== undefined && { model: join(sampleData, validation.model) }),
    requests: [...requestsOf(validation, sampleData), ...own.requests],
  };
}

// --- internal ---

/** Of each content type the first: the rest are more of the same. */
function requestsOf({ realTime }: ValidationProfile, folder: string): readonly SampleRequest[] {
  const seen = new Set<string>();
  return realTime.flatMap(({ input, contentType, accept }) => {
    const kind = contentType.split(';')[0]!;
    if (seen.has(kind)) return [];
    seen.add(kind);
    return [{ name: basename(input), body: readFileSync(join(folder, input)), contentType, accept }];
  });
}

function trainingOf(
  { trainingJob, metricBounds }: ValidationProfile,
  folder: string,
  description: AlgorithmDescription,
) {
  const specification = description.TrainingSpecification;
  if (!trainingJob || !specification) return undefined;
  const channels = Object.entries(trainingJob.channels).map(([name, channel]): [string, ChannelInput] => [
    name,
    { ...channel, path: join(folder, channel.path) },
  ]);
  return {
    hyperparameters: trainingJob.hyperparameters,
    channels: Object.fromEntries(channels),
    // The others are of other objectives than the profile's.
    metricDefinitions: specification.MetricDefinitions.filter(({ Name }) => Name in metricBounds),
    inputModes: [...new Set(specification.TrainingChannels.flatMap(({ SupportedInputModes }) => SupportedInputModes))],
  };
}
