/** Section "Tune": the ranges that are searched, the job, and what it found. */
import type { Facts, Objective, ParameterRange } from '../facts.js';
import type { Page } from './page.js';
import { pythonOf } from './python-text.js';

export function tuning(page: Page, facts: Facts): void {
  const { hyperparameters, settings, product, profile } = facts;
  const objective = objectiveOf(facts);
  const ranges = rangesOf(facts);
  page.section(2, '5. Tune your model', 'Optional. This part trains four more times, on instances that you pay for.');
  if (!objective || Object.keys(ranges).length === 0) {
    page.say(
      'This algorithm has no hyperparameters to be tuned: choose their values as the table in section 3 describes them.',
    );
    return;
  }
  const tunable = hyperparameters.filter((one) => one.IsTunable);
  page.section(
    3,
    '5.A Tuning guidelines',
    `
A **tuning job** trains with many choices of hyperparameters and finds the one with the best **objective**, a metric of the validation
data. Here it is \`${objective.MetricName}\`, to be ${objective.Type === 'Minimize' ? 'as small' : 'as large'} as possible.

- These can be searched: ${tunable
      .map(({ Name }) => `\`${Name}\``)
      .slice(0, 30)
      .join(', ')}.
- Search few at a time: each one more makes good combinations rarer. ${Object.keys(ranges)
      .map((one) => `\`${one}\``)
      .join(' and ')} here.
- Strategy Bayesian learns from the jobs that have ended, so let it run few at a time; Random can run them all together.
- Four jobs show how it is done; a real search takes 10 to 50.

${settings.tuning.text ?? ''}`,
  );
  page.section(3, '5.B Define tuning configuration');
  const fixed = Object.fromEntries(
    Object.entries({ ...profile.trainingJob!.hyperparameters, ...settings.tuning.fixed }).filter(
      ([one]) => !Object.hasOwn(ranges, one),
    ),
  );
  page.run(`
objective = ${pythonOf({ Type: objective.Type, MetricName: objective.MetricName })}
configuration = {
    "Strategy": "Bayesian",
    "RandomSeed": 7,
    "HyperParameterTuningJobObjective": objective,
    "ResourceLimits": {"MaxNumberOfTrainingJobs": 4, "MaxParallelTrainingJobs": 2},
    "ParameterRanges": ${pythonOf(parameterRanges(facts, ranges), 4)},
}
# The same in every job.
fixed = ${pythonOf(fixed)}
`);
  page.section(3, '5.C Run a model tuning job');
  page.run(`
sagemaker.create_hyper_parameter_tuning_job(
    HyperParameterTuningJobName=f"{name}-tune",
    HyperParameterTuningJobConfig=configuration,
    TrainingJobDefinition={
        "AlgorithmSpecification": algorithm,
        "StaticHyperParameters": fixed,
        "InputDataConfig": inputs_of(addresses),
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/{name}/tuning"},
        "ResourceConfig": {**resources, "InstanceType": "${product.recommended.training}"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "RoleArn": role,
        "EnableNetworkIsolation": True,
    },
)
wait(
    sagemaker.describe_hyper_parameter_tuning_job,
    "HyperParameterTuningJobStatus",
    HyperParameterTuningJobName=f"{name}-tune",
)
jobs = sagemaker.list_training_jobs_for_hyper_parameter_tuning_job(HyperParameterTuningJobName=f"{name}-tune")
tried = pd.DataFrame(
    [
        {**one["TunedHyperParameters"], objective["MetricName"]: one["FinalHyperParameterTuningJobObjectiveMetric"]["Value"]}
        for one in jobs["TrainingJobSummaries"]
        if "FinalHyperParameterTuningJobObjectiveMetric" in one
    ]
)
tried.sort_values(objective["MetricName"], ascending=objective["Type"] == "Minimize")
`);
  page.say(
    'The first line is the best of the four. Compare it with the metric of section 3 first: four jobs may find nothing better than the values there. If it is better, train with its values as in section 3, or make a model package of the artifacts of that job.',
  );
}

// --- internal ---

interface NumberRange {
  readonly min: string;
  readonly max: string;
  readonly scaling: string;
}

/** A list of choices, or a range of numbers. */
type Range = readonly string[] | NumberRange;
type Ranges = Readonly<Record<string, Range>>;

const MOST_RANGES = 2;

/** The one that the sample data's bounds are about, else the first. */
function objectiveOf({ objectives, profile }: Facts): Objective | undefined {
  return objectives.find(({ MetricName }) => Object.hasOwn(profile.metricBounds, MetricName)) ?? objectives[0];
}

/**
 * Of notebook.yaml. Else of what the sample job sets: recommended ranges, continuous ones first, or ranges of the definition. Else
 * hyperparameters with choices.
 */
function rangesOf({ hyperparameters, tuningRanges, profile, settings }: Facts): Ranges {
  if (settings.tuning.ranges) return settings.tuning.ranges;
  const tunable = hyperparameters.filter(({ IsTunable }) => IsTunable).toSorted((a, b) => a.Type.localeCompare(b.Type));
  const used = tunable.filter(({ Name }) => Object.hasOwn(profile.trainingJob!.hyperparameters, Name));
  const recommended = used.map(({ Name }) => [Name, numbersOf(tuningRanges[Name])] as const);
  const own = used.map(({ Name, Range }) => [Name, numbersOf(Object.values(Range ?? {})[0])] as const);
  const choices = tunable.map(({ Name, Range }) => [Name, choicesOf(Object.values(Range ?? {})[0])] as const);
  const kinds: readonly (readonly (readonly [string, Range | undefined])[])[] = [recommended, own, choices];
  const found = kinds
    .map((entries) => entries.filter((entry): entry is readonly [string, Range] => entry[1] !== undefined))
    .find(({ length }) => length > 0);
  return Object.fromEntries((found ?? []).slice(0, MOST_RANGES));
}

function numbersOf(range: ParameterRange | undefined): NumberRange | undefined {
  if (range?.MinValue === undefined || range.MaxValue === undefined) return undefined;
  return { min: range.MinValue, max: range.MaxValue, scaling: range.ScalingType ?? 'Auto' };
}

/** Without Python's spellings of true and false. */
function choicesOf(range: ParameterRange | undefined): readonly string[] | undefined {
  return range?.Values?.filter((value) => !/^(True|False)$/.test(value));
}

/** By the type of each hyperparameter. */
function parameterRanges({ hyperparameters }: Facts, ranges: Ranges): object {
  const lists: Record<string, object[]> = {};
  for (const [Name, range] of Object.entries(ranges)) {
    const type = hyperparameters.find((one) => one.Name === Name)?.Type;
    const isChoice = 'length' in range;
    const list = `${isChoice ? 'Categorical' : type === 'Integer' ? 'Integer' : 'Continuous'}ParameterRanges`;
    lists[list] ??= [];
    lists[list].push(
      isChoice
        ? { Name, Values: range }
        : { Name, MinValue: range.min, MaxValue: range.max, ScalingType: range.scaling },
    );
  }
  return lists;
}
