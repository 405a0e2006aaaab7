/** A model as its servers need it: for each container the image's program, the model's files, the variables. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EndpointRequest } from '@algo/local';
import { InputError, stageInput } from '../../jobs/input-data.js';
import type { OpenProgram } from '../../jobs/programs.js';
import { parseS3Uri } from '../../object-store.js';
import type { SageMaker } from '../resources/context.js';
import { containerNames, containersOf } from './containers.js';
import { findArchive, isMultiModel } from './multi-model.js';
import { findModel } from './operations.js';
import type { ContainerDefinition, ModelDefinition } from './shapes.js';

export interface ServedModel {
  /** One, or several in the order of the pipeline. */
  readonly containers: readonly ServedContainer[];
  /** Each request names its container. */
  readonly isDirect: boolean;
  /** When its servers have ended. */
  close(): Promise<void>;
}

export interface ServedContainer extends OpenProgram {
  /** In logs and errors: `primary`, or of several the hostname. */
  readonly name: string;
  readonly image: string;
  /** By its digest, if it has one here. */
  readonly resolvedImage: string;
  /** model.tar.gz or a folder with its files; undefined where the model is in the image. */
  readonly model: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Where the models of Mode MultiModel are, in the place of `model`. */
  readonly models: Pick<NonNullable<EndpointRequest['models']>, 'find' | 'isCached'> | undefined;
}

/**
 * The models of variants, by the variants' names.
 * @throws ServiceError ValidationException when one is not there, or its package cannot be used
 */
export function defineModels(
  sageMaker: SageMaker,
  variants: readonly { readonly VariantName: string; readonly ModelName?: string }[],
): Readonly<Record<string, ModelDefinition>> {
  const models = variants.map(({ VariantName, ModelName }) => [VariantName, defineModel(sageMaker, ModelName!)]);
  return Object.fromEntries(models);
}

/** @throws ServiceError ValidationException when there is no such model, or its package cannot be used */
export function defineModel(sageMaker: SageMaker, modelName: string): ModelDefinition {
  const { body } = findModel(sageMaker, modelName);
  return {
    containers: containersOf(sageMaker, body).map((container) => {
      const ResolvedImage = sageMaker.programs.resolve?.(container.Image!);
      return { ...container, ...(ResolvedImage !== undefined && { ResolvedImage }) };
    }),
    isDirect: body.InferenceExecutionConfig?.Mode === 'Direct',
    isIsolated: body.EnableNetworkIsolation ?? false,
  };
}

/**
 * @param folder for links to models that are no archives
 * @throws InputError when the model's files are gone
 */
export async function openServedModel(
  sageMaker: SageMaker,
  { containers: definitions, isDirect, isIsolated }: ModelDefinition,
  folder: string,
): Promise<ServedModel> {
  const names = containerNames(definitions);
  const containers: ServedContainer[] = [];
  const close = async () => void (await Promise.all(containers.map((container) => container.close())));
  try {
    for (const [i, definition] of definitions.entries()) {
      const models = modelsOf(sageMaker, definition);
      const model = models ? undefined : await modelFiles(sageMaker, definition, join(folder, String(i)));
      const { ModelPackageName, Environment: environment = {} } = definition;
      const image = definition.Image!;
      const resolvedImage = definition.ResolvedImage ?? image;
      // As on AWS Marketplace, a model package never has a network.
      const options = { isIsolated: isIsolated || ModelPackageName !== undefined, isServer: true };
      const opened = await sageMaker.programs.open(resolvedImage, options);
      containers.push({ ...opened, name: names[i]!, image, resolvedImage, model, models, environment });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { containers, isDirect, close };
}

// --- internal ---

function modelsOf({ objects }: SageMaker, container: ContainerDefinition): ServedContainer['models'] {
  if (!isMultiModel(container)) return undefined;
  return {
    find: (target) => findArchive(objects, container, target),
    isCached: container.MultiModelConfig?.ModelCacheSetting !== 'Disabled',
  };
}

async function modelFiles(
  { objects }: SageMaker,
  { ModelDataUrl, ModelDataSource }: ContainerDefinition,
  folder: string,
): Promise<string | undefined> {
  const source = ModelDataSource?.S3DataSource;
  const uri = ModelDataUrl ?? source?.S3Uri;
  if (uri === undefined) return undefined;
  if (source?.S3DataType === 'S3Prefix') {
    mkdirSync(folder, { recursive: true });
    return stageInput(objects, 'S3Prefix', uri, folder);
  }
  const place = parseS3Uri(uri);
  const file = place && objects.fileOf(place.bucket, place.key);
  if (file === undefined) throw new InputError(`There is no model at ${uri}.`);
  return file;
}
