/** Predictions for the test data as a picture and as numbers; for data of another form, how long requests take. */
import type { Facts } from '../facts.js';
import type { Page } from './page.js';

/** Whether there are labels to compare predictions with. */
export function hasResults({ answer, profile, table }: Facts): boolean {
  return table !== undefined && answer !== 'unknown' && profile.trainingJob?.channels.validation !== undefined;
}

export function visualization(page: Page, facts: Facts, heading: string): void {
  const { settings, answer, profile } = facts;
  if (!hasResults(facts)) {
    timesPicture(page, heading);
    return;
  }
  page.section(3, heading, 'The rows of the test data, without their label, in one request.');
  page.run(`
rows = test.drop(columns=label).to_csv(header=False, index=False)
lines = predict(rows, "text/csv", ${JSON.stringify(profile.transformJob!.accept)}).decode().splitlines()
${VALUES[answer]}
print(len(lines), "answers, the first of them:", lines[0])
`);
  page.say(settings.result ?? TEXTS[answer]);
  page.run(PICTURES[answer], { tags: ['sample-output'] });
}

export function metrics(page: Page, facts: Facts, heading: string): void {
  if (!hasResults(facts)) {
    page.section(3, heading, 'Answers with the stored samples: how many of them are the same, byte by byte.');
    page.run(`
same = [
    predict((inputs / sample.input).read_bytes(), sample.content_type, sample.accept)
    == (outputs / sample.output).read_bytes()
    for sample in samples.itertuples()
]
print(sum(same), "of", len(same), "answers are as stored")
`);
    return;
  }
  const isNumber = facts.answer === 'number';
  page.section(3, heading, isNumber ? NUMBER_METRICS : CLASS_METRICS);
  page.run(isNumber ? NUMBER_SOURCE : classSource(facts.answer));
}

// --- internal ---

function timesPicture(page: Page, heading: string): void {
  page.section(
    3,
    heading,
    'How long an answer takes, from here and back: each sample five times, the fastest of them.',
  );
  page.run(
    `
def milliseconds(sample):
    body = (inputs / sample.input).read_bytes()
    started = time.perf_counter()
    predict(body, sample.content_type, sample.accept)
    return 1000 * (time.perf_counter() - started)


times = {sample.input: min(milliseconds(sample) for _ in range(5)) for sample in samples.itertuples()}
figure, place = plt.subplots(figsize=(7, 3), layout="constrained")
place.barh(list(times), list(times.values()))
place.set(xlabel="ms", title="time of an answer")
plt.show()
`,
    { tags: ['sample-output'] },
  );
}

const TEXTS: Readonly<Record<Facts['answer'], string>> = {
  number:
    'Each point is a row. On the line, prediction and truth are equal; the farther from it, the larger the error.',
  probability:
    'On the left: the probability of the second class, for rows of each class; good predictions are at the ends. On the right, the ROC curve: the share of the second class that is found, against the share of false alarms, for every threshold. The closer to the upper left corner, the better.',
  probabilities:
    'Rows of the picture are the true classes, columns the predicted ones. Right predictions are on the diagonal; a number next to it counts rows of one class that were taken for another.',
  class:
    'Rows of the picture are the true classes, columns the predicted ones. Right predictions are on the diagonal; a number next to it counts rows of one class that were taken for another.',
  unknown: '',
};

const VALUES: Readonly<Record<Facts['answer'], string>> = {
  number: 'actual, predicted = test[label].to_numpy(), np.array(lines, dtype=float)',
  probability:
    'actual, probability = codes(test[label]), np.array(lines, dtype=float)\npredicted = (probability > 0.5).astype(int)',
  probabilities:
    'actual = codes(test[label])\nprobabilities = np.array([line.split(",") for line in lines], dtype=float)\npredicted = probabilities.argmax(axis=1)  # the most probable class',
  class: 'actual, predicted = codes(test[label]), codes(pd.Series(lines))',
  unknown: '',
};

const CONFUSION = `
confusion = np.zeros((len(classes), len(classes)), dtype=int)
np.add.at(confusion, (actual, predicted), 1)

figure, place = plt.subplots(figsize=(5, 4.5), layout="constrained")
place.imshow(confusion, cmap="Blues")
for (row, column), count in np.ndenumerate(confusion):
    place.text(column, row, count, ha="center", va="center", color="white" if count > confusion.max() / 2 else "black")
ticks = range(len(classes))
place.set(xlabel="predicted", ylabel="actual", xticks=ticks, yticks=ticks)
place.set_xticklabels(classes.values(), rotation=45)
place.set_yticklabels(classes.values())
plt.show()
`;

const PICTURES: Readonly<Record<Facts['answer'], string>> = {
  number: `
figure, place = plt.subplots(figsize=(5, 4.5), layout="constrained")
place.scatter(actual, predicted, s=14)
limits = [min(actual.min(), predicted.min()), max(actual.max(), predicted.max())]
place.plot(limits, limits, color="gray", linewidth=1)
place.set(xlabel=f"actual {label}", ylabel=f"predicted {label}")
plt.show()
`,
  probability: `
order = np.argsort(-probability)
found = np.cumsum(actual[order]) / actual.sum()
alarms = np.cumsum(1 - actual[order]) / (1 - actual).sum()

figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
for place, title in enumerate(classes.values()):
    left.hist(probability[actual == place], bins=np.linspace(0, 1, 21), alpha=0.6, label=title)
left.set(xlabel="probability of " + list(classes.values())[1], ylabel="rows")
left.legend(title=label)
right.plot(np.insert(alarms, 0, 0), np.insert(found, 0, 0))
right.plot([0, 1], [0, 1], color="gray", linewidth=1)
right.set(xlabel="share of false alarms", ylabel="share found", title="ROC curve")
plt.show()
`,
  probabilities: CONFUSION,
  class: CONFUSION,
  unknown: '',
};

const NUMBER_METRICS = `
- **RMSE**, the root mean squared error: the usual size of an error, in the unit of the label. Large errors count more.
- **MAE**, the mean absolute error: the same, and all errors count alike.
- **R²**: the share of the label's variance that the predictions explain; 1 is perfect, 0 is no better than the mean.
- The last line is what you would get by always predicting the mean of the training data.`;

const NUMBER_SOURCE = `
def scores(predicted):
    errors = actual - predicted
    rmse, mae = np.sqrt(np.mean(errors**2)), np.mean(np.abs(errors))
    return {"RMSE": rmse, "MAE": mae, "R²": 1 - np.mean(errors**2) / np.var(actual)}


pd.DataFrame({"this model": scores(predicted), "always the mean": scores(np.full(len(actual), train[label].mean()))}).T.round(3)
`;

const CLASS_METRICS = `
- **Accuracy**: the share of rows whose class is predicted.
- **Precision** of a class: of the rows that were given this class, the share that has it.
- **Recall** of a class: of the rows that have this class, the share that was found.

Compare the accuracy with the share of the most frequent class, which you would get by always predicting that one.`;

function classSource(answer: Facts['answer']): string {
  const auc =
    answer === 'probability'
      ? `
pairs = probability[actual == 1][:, None] - probability[actual == 0]
auc = np.mean((pairs > 0) + 0.5 * (pairs == 0))  # the share of pairs in the right order: the area under the ROC curve
print(f"AUC {auc:.4f}")`
      : '';
  return `
print(f"accuracy {np.mean(actual == predicted):.4f}; always the most frequent class: {np.bincount(actual).max() / len(actual):.4f}")${auc}
table = {
    title: {
        "precision": np.mean(actual[predicted == place] == place) if (predicted == place).any() else np.nan,
        "recall": np.mean(predicted[actual == place] == place) if (actual == place).any() else np.nan,
        "rows": np.sum(actual == place),
    }
    for place, title in enumerate(classes.values())
}
pd.DataFrame(table).T.round(3)
`;
}
