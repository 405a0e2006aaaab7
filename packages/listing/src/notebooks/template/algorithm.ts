/** The notebook of an algorithm: from the subscription over training, real time, tuning and batch to the clean-up. */
import type { Facts } from '../facts.js';
import type { Notebook } from '../notebook.js';
import { dataFormat, dataPictures } from './data.js';
import { batch, deleteEndpoint, deployment, payload, realTime } from './inference.js';
import { openPage } from './page.js';
import { metrics, visualization } from './results.js';
import { environment, introduction, lastCleanUp, storage, subscription } from './start.js';
import { hyperparameterText, modelPackage, trainingJob, uploads } from './training.js';
import { tuning } from './tuning.js';

export function algorithmNotebook(facts: Facts): Notebook {
  const page = openPage();
  const { title } = facts.product;
  introduction(
    page,
    `Train, tune, and deploy ${title} from AWS Marketplace`,
    `${facts.overview}

With sample data that comes with this notebook, it trains a model, asks it for predictions, one by one and in a batch, and
looks for better hyperparameters. In the end it deletes all that it has made.`,
    `**Costs.** This notebook starts one training job, one endpoint, four jobs of tuning and one batch transform, each for minutes, on
instances named in the cells. AWS charges for the instances and the seller for the software, by the hour of their use. Run the
clean-up also if you stop halfway: an endpoint costs until it is deleted.`,
  );
  subscription(page, facts, 'algorithm');
  page.section(
    2,
    '2. Prepare dataset',
    'Names for what this notebook makes, the bucket, and a function that uploads files to it.',
  );
  storage(page, facts);
  dataFormat(page, facts);
  dataPictures(page, facts);
  uploads(page, facts, '2.C Upload datasets to Amazon S3');
  page.section(2, '3. Train a machine learning model');
  environment(page, '3.1 Set up environment');
  trainingJob(
    page,
    facts,
    '3.2 Train a model',
    `**Hyperparameters** are the settings of training. Those of this job:\n\n${hyperparameterText(facts)}`,
  );
  modelPackage(page, '3.3 Make a model package');
  page.section(2, '4. Deploy model and verify results');
  deployment(page, facts, '4.A Deploy trained model');
  payload(page, facts, '4.B Create input payload');
  realTime(page, facts, '4.C Perform real-time inference');
  visualization(page, facts, '4.D Visualize output');
  metrics(page, facts, '4.E Calculate relevant metrics');
  deleteEndpoint(page, '4.F Delete the endpoint');
  tuning(page, facts);
  batch(page, facts, '6. Perform batch inference');
  lastCleanUp(
    page,
    7,
    'the model',
    `
delete(sagemaker.delete_model, ModelName=name)
delete(sagemaker.delete_model_package, ModelPackageName=name)
`,
  );
  return page.notebook();
}
