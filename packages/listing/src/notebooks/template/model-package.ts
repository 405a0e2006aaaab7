/** The notebook of a model package: a model that the seller has trained, in real time and in a batch. */
import type { Facts } from '../facts.js';
import { channelFolder } from '../layout.js';
import type { Notebook } from '../notebook.js';
import { classesSource, readSource } from './data.js';
import { batch, deleteEndpoint, deployment, payload, realTime } from './inference.js';
import { openPage, type Page } from './page.js';
import { hasResults, metrics, visualization } from './results.js';
import { environment, introduction, lastCleanUp, storage, subscription } from './start.js';

export function modelPackageNotebook(facts: Facts): Notebook {
  const page = openPage();
  const { title } = facts.product;
  introduction(
    page,
    `Deploy ${title} Model Package from AWS Marketplace`,
    `${facts.overview}

A model package is a trained model with the software that serves it: nothing has to be trained. This notebook asks it for
predictions, one by one and in a batch, and deletes in the end all that it has made.`,
    `**Costs.** This notebook starts one endpoint and one batch transform, each for minutes, on instances named in the cells. AWS charges for
the instances and the seller for the software. Run the clean-up also if you stop halfway: an endpoint costs until it is
deleted.`,
  );
  subscription(page, facts, 'model package');
  page.section(
    2,
    '2. Create an endpoint and perform real-time inference',
    'First a name for all that this notebook makes, your bucket, and a function that uploads files to it.',
  );
  storage(page, facts);
  environment(page);
  imports(page, facts);
  deployment(page, facts, '2.A Create an endpoint');
  payload(page, facts, '2.B Create input payload');
  realTime(page, facts, '2.C Perform real-time inference');
  visualization(page, facts, '2.D Visualize output');
  metrics(page, facts, '2.E Calculate relevant metrics');
  deleteEndpoint(page, '2.F Delete the endpoint');
  batch(page, facts, '3. Perform batch inference');
  lastCleanUp(
    page,
    4,
    'the model',
    `
delete(sagemaker.delete_model, ModelName=name)
`,
  );
  return page.notebook();
}

// --- internal ---

function imports(page: Page, facts: Facts): void {
  const { table } = facts;
  if (!hasResults(facts) || !table) {
    page.say('Libraries for tables and pictures.');
    page.run(`
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
`);
    return;
  }
  page.say(
    `The sample data: rows with their label, which are held back from training to see how good predictions are.`,
  );
  const classes = classesSource(table);
  page.run(`${readSource(table)}
train, test = read("${channelFolder(table.channel)}"), read("${channelFolder('validation')}")
${classes && `${classes}\n`}
test.head()
`);
}
