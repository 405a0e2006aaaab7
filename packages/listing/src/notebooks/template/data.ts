/** Data as a buyer must have it, and the sample data to look at. */
import { type Facts, type Table, trainingChannel } from '../facts.js';
import { channelFolder } from '../layout.js';
import type { Page } from './page.js';
import { pythonOf } from './python-text.js';

export function dataFormat(page: Page, { definition }: Facts): void {
  const channels = definition.TrainingSpecification?.TrainingChannels ?? [];
  const rows = channels.map(({ Name, Description = '', IsRequired, SupportedContentTypes, SupportedInputModes }) => {
    const types = SupportedContentTypes.map((type) => `\`${type}\``).join(', ');
    return `| \`${Name}\` | ${IsRequired ? 'yes' : 'no'} | ${Description} | ${types} | ${SupportedInputModes.join(', ')} |`;
  });
  page.section(
    3,
    '2.A Dataset format expected by the algorithm',
    `
A training job reads its data from **channels**: folders of files in Amazon S3, each with a name that the algorithm knows.

| channel | required | what it holds | content types | input modes |
|---|---|---|---|---|
${rows.join('\n')}

In mode File the data is copied to the instance before training begins; in mode Pipe it is streamed, which begins sooner with much data.`,
  );
}

/** Reads training and test data into `train` and `test`, and draws them. */
export function dataPictures(page: Page, facts: Facts): void {
  const { dataCard, settings, table, profile } = facts;
  const channels = Object.keys(profile.trainingJob?.channels ?? {});
  const folders = channels.map((channel) => `\`${channelFolder(channel)}\` is the channel \`${channel}\``).join('; ');
  const data = `${dataCard}\n\n${folders}.`;
  page.section(3, '2.B Configure and visualize train and test dataset', data);
  if (table) tablePictures(page, facts, table);
  else recordPictures(page, facts, settings.data);
}

/** Libraries, and `read` for the files of a table. */
export function readSource({ columns }: Table): string {
  return `
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

columns = ${pythonOf(columns)}
label = columns[0]


def read(folder):
    """All rows of the files in a folder: they have no header line."""
    return pd.concat([pd.read_csv(file, header=None, names=columns) for file in sorted(Path(folder).iterdir())])

`;
}

/** `classes` and `codes`; nothing where labels are quantities. */
export function classesSource({ classes, areLabelsText }: Table): string {
  if (!classes) return '';
  const convert = areLabelsText ? 'labels.astype(str)' : 'labels.astype(int).astype(str)';
  return `classes = ${pythonOf(classes)}  # names of the classes, by their label


def codes(labels):
    """The place of each label in the list of classes: 0, 1, 2 …"""
    return ${convert}.map({key: place for place, key in enumerate(classes)}).to_numpy()
`;
}

// --- internal ---

function tablePictures(page: Page, { profile, settings }: Facts, table: Table): void {
  const { classes, channel } = table;
  const hasTest = profile.trainingJob?.channels.validation !== undefined;
  page.run(`${readSource(table)}
train = read("${channelFolder(channel)}")
${hasTest ? `test = read("${channelFolder('validation')}")\nprint(f"{len(train)} rows to train on, {len(test)} rows to test with")` : 'print(f"{len(train)} rows to train on")'}
train.head()
`);
  if (classes) {
    page.say(
      'Names of the classes, and a function that gives their places in this list: pictures and metrics count in numbers.',
    );
    page.run(classesSource(table));
  }
  page.say(settings.data ?? DEFAULT_DATA_TEXT(classes !== undefined));
  if (settings.image) page.run(imageSource(settings.image, classes !== undefined), { tags: ['sample-output'] });
  else page.run(pictureSource(classes !== undefined), { tags: ['sample-output'] });
}

const DEFAULT_DATA_TEXT = (areClasses: boolean) =>
  areClasses
    ? 'On the left: how strongly each column goes along with the class, from 0 (not at all) to 1. On the right: the two strongest columns, a point per row, in the colour of its class. Where colours separate, a model has something to learn.'
    : 'On the left: how strongly each column goes along with the label, from 0 (not at all) to 1. On the right: the strongest column against the label, a point per row.';

function pictureSource(areClasses: boolean): string {
  const target = areClasses ? 'codes(train[label])' : 'train[label]';
  const right = areClasses
    ? `
first, second = strength.index[-1], strength.index[-min(2, len(strength))]
for place, title in enumerate(classes.values()):
    rows = train[target == place]
    right.scatter(rows[first], rows[second], s=10, alpha=0.7, label=title)
right.set(xlabel=first, ylabel=second, title="the two strongest columns")
right.legend(title=label)`
    : `
first = strength.index[-1]
right.scatter(train[first], target, s=10, alpha=0.7)
right.set(xlabel=first, ylabel=label, title="the strongest column and the label")`;
  return `
target = ${target}
numbers = train.drop(columns=label).select_dtypes("number")
strength = numbers.corrwith(pd.Series(target, index=numbers.index)).abs().sort_values()

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
strength.tail(12).plot.barh(ax=left, title="correlation with " + label)${right}
plt.show()
`;
}

function imageSource([height, width]: readonly [number, number], areClasses: boolean): string {
  const title = areClasses ? 'classes[str(row[label])]' : 'row[label]';
  return `
figure, places = plt.subplots(2, 10, figsize=(11, 2.8), layout="constrained")
for place, (_, row) in zip(places.flat, train.iterrows()):
    place.imshow(row.drop(label).to_numpy(dtype=float).reshape(${height}, ${width}), cmap="gray_r")
    place.set(title=${title}, xticks=[], yticks=[])
plt.show()
`;
}

function recordPictures(page: Page, { profile }: Facts, text: string | undefined): void {
  const channel = trainingChannel(profile) ?? 'train';
  page.run(`
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

files = sorted(file for file in Path("${channelFolder(channel)}").rglob("*") if file.is_file())
records = [line for file in files for line in file.read_text().splitlines()]
print(len(records), "records, the first of them:")
for record in records[:3]:
    print(record)
`);
  page.say(text ?? 'How long the records are: a few are often much longer than the rest.');
  page.run(
    `
figure, place = plt.subplots(figsize=(6, 3), layout="constrained")
place.hist([len(record) for record in records], bins=20)
place.set(xlabel="characters", ylabel="records", title="length of the records")
plt.show()
`,
    { tags: ['sample-output'] },
  );
}
