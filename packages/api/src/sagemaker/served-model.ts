/** A model as a server needs it: the image's program, the model's files on this machine, the variables. */
import { mkdirSync } from 'node:fs';
import { InputError, stageInput } from '../jobs/input-data.js';
import type { OpenProgram } from '../jobs/programs.js';
import { parseS3Uri } from '../object-store.js';
import type { SageMaker } from './context.js';
import { usableModelPackage } from './model-package-lookup.js';
import { type ContainerDefinition, findModel, theContainer } from './models.js';

export interface ServedModel extends OpenProgram {
  readonly image: string;
  /** model.tar.gz or a folder with its files; undefined where the model is in the image. */
  readonly model: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Close it when its server has ended.
 * @param folder for links to a model that is not an archive
 * @throws InputError when the model's files are gone, ServiceError when the model is
 */
export async function openServedModel(sageMaker: SageMaker, modelName: string, folder: string): Promise<ServedModel> {
  const { body } = findModel(sageMaker, modelName);
  const container = containerOf(sageMaker, theContainer(body));
  const image = container.Image!;
  const model = await modelFiles(sageMaker, container, folder);
  // As on AWS Marketplace, a model package never has a network.
  const isIsolated = (body.EnableNetworkIsolation ?? false) || container.ModelPackageName !== undefined;
  const opened = await sageMaker.programs.open(image, { isIsolated });
  return { ...opened, image, model, environment: container.Environment ?? {} };
}

// --- internal ---

/** Of a model package the package's own, with the model's variables over it. */
function containerOf(sageMaker: SageMaker, container: ContainerDefinition): ContainerDefinition {
  const { ModelPackageName } = container;
  if (ModelPackageName === undefined) return container;
  const [packaged] = usableModelPackage(sageMaker, ModelPackageName).InferenceSpecification!.Containers;
  return { ...packaged, ModelPackageName, Environment: { ...packaged!.Environment, ...container.Environment } };
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
