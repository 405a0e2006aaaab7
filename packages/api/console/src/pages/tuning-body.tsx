/** A tuning job: how its objective got better, its best job, and the jobs that it has run. */
import { useEffect, useState } from 'preact/hooks';
import { callSageMaker } from '../api/aws.js';
import { Chart } from '../parts/chart.js';
import { Facts, textFacts } from '../parts/facts.js';
import { TrialTable } from '../parts/trial-table.js';
import { at, entriesAt, listAt, textAt } from '../state/members.js';
import { objectAt } from '../state/request.js';
import { addressOf } from '../state/route.js';
import type { Members, Row } from '../state/state.js';
import { usePart } from '../state/store.js';
import { bestSoFar, commonFailureOf, type Direction, rankTrials, trialsOf } from '../state/tuning.js';
import { fixedHyperparametersOf } from '../state/tuning-draft.js';

const PAGE = 100;

export function TuningBody({ row, members }: { readonly row: Row; readonly members: Members }) {
  const trainingJobs = useTrainingJobs(row);
  const trials = trialsOf(trainingJobs);
  const failure = commonFailureOf(trainingJobs);
  const config = members.HyperParameterTuningJobConfig as Members | undefined;
  const objective =
    at(config, 'HyperParameterTuningJobObjective') ?? at(members, 'TrainingJobDefinition.TuningObjective');
  const direction = (textAt(objective as Members, 'Type') ?? 'Maximize') as Direction;
  const metric = textAt(objective as Members, 'MetricName') ?? 'objective';
  const best = textAt(members, 'BestTrainingJob.TrainingJobName');
  const measured = trials.flatMap((trial) => trial.objective ?? []);
  return (
    <div class="columns">
      <div class="column wide">
        <section class="card" aria-labelledby="objective-title">
          <div class="card-head">
            <h2 id="objective-title">Objective</h2>
            <span class="quiet-text">{direction === 'Minimize' ? 'lower is better' : 'higher is better'}</span>
          </div>
          {measured.length > 0 ? (
            <div class="charts">
              <Chart
                title={`${metric}, job by job`}
                series={[
                  { name: 'best so far', values: bestSoFar(trials, direction) },
                  { name: 'each job', values: measured, isPoints: true },
                ]}
              />
            </div>
          ) : (
            <p class="empty">No job has reported a value yet.</p>
          )}
        </section>
        <TrialTable metric={metric} trials={rankTrials(trials, direction)} />
      </div>
      <div class="column">
        {failure && (
          <Facts
            title="Most frequent failure"
            facts={[
              ['Training jobs', `${failure.count} of ${trials.length}`],
              ['Reason', failure.reason],
              [
                'Such as',
                <a href={addressOf({ page: 'detail', kind: 'training-job', name: failure.name })}>{failure.name}</a>,
              ],
            ]}
          />
        )}
        <Facts
          title="Best training job"
          empty="None yet."
          facts={
            best === undefined
              ? []
              : [
                  ['Job', <a href={addressOf({ page: 'detail', kind: 'training-job', name: best })}>{best}</a>],
                  [metric, textAt(members, 'BestTrainingJob.FinalHyperParameterTuningJobObjectiveMetric.Value')],
                  ...textFacts(members, 'BestTrainingJob.TunedHyperParameters'),
                ]
          }
        />
        <Facts
          title="Jobs"
          facts={[
            ['Strategy', textAt(config, 'Strategy')],
            ['Maximum jobs', textAt(config, 'ResourceLimits.MaxNumberOfTrainingJobs')],
            ['In parallel', textAt(config, 'ResourceLimits.MaxParallelTrainingJobs')],
            ['Early stopping', textAt(config, 'TrainingJobEarlyStoppingType')],
            ...entriesAt(members, 'TrainingJobStatusCounters').filter(([, count]) => count !== '0'),
          ]}
        />
        <Facts title="Ranges" facts={rangesOf(config)} />
        <Facts
          title="Fixed hyperparameters"
          facts={textFacts({ fixed: fixedHyperparametersOf(objectAt(members, 'TrainingJobDefinition')) }, 'fixed')}
        />
      </div>
    </div>
  );
}

// --- internal ---

/** All of them, read again when one has changed. */
function useTrainingJobs(row: Row): readonly Members[] {
  const version = usePart((state) => {
    const own = (state.rows['training-job'] ?? []).filter(({ parent }) => parent === row.arn);
    return `${row.modified} ${own.map(({ status }) => status).join()}`;
  });
  const [found, setFound] = useState<readonly Members[]>([]);
  // Not all that is used is named: the version says that there is something new
  useEffect(() => {
    let isLate = false;
    readAll(row.name).then(
      (all) => !isLate && setFound(all),
      () => undefined, // a server that does not answer is shown as such
    );
    return () => {
      isLate = true;
    };
  }, [row.name, version]);
  return found;
}

async function readAll(name: string): Promise<readonly Members[]> {
  const all: Members[] = [];
  let NextToken: unknown;
  do {
    const page: Members = await callSageMaker('ListTrainingJobsForHyperParameterTuningJob', {
      ...{ HyperParameterTuningJobName: name, MaxResults: PAGE, SortBy: 'CreationTime', SortOrder: 'Ascending' },
      ...(NextToken !== undefined && { NextToken }),
    });
    for (const summary of listAt(page, 'TrainingJobSummaries')) all.push(summary);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return all;
}

function rangesOf(config: Members | undefined): readonly (readonly [string, string])[] {
  const numeric = ['IntegerParameterRanges', 'ContinuousParameterRanges'].flatMap((kind) =>
    listAt(config, `ParameterRanges.${kind}`).map(
      (range) =>
        [
          textAt(range, 'Name') ?? '',
          `${textAt(range, 'MinValue')} to ${textAt(range, 'MaxValue')}${scaleOf(range)}`,
        ] as const,
    ),
  );
  const categories = listAt(config, 'ParameterRanges.CategoricalParameterRanges').map(
    (range) => [textAt(range, 'Name') ?? '', (range.Values as readonly string[]).join(', ')] as const,
  );
  return [...numeric, ...categories];
}

function scaleOf(range: Members): string {
  const scale = textAt(range, 'ScalingType') ?? 'Auto';
  return scale === 'Auto' || scale === 'Linear' ? '' : `, ${scale.toLowerCase()}`;
}
