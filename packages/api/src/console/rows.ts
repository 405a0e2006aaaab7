/** Resources as the console lists them: a few members of each, of all kinds alike, so that 10,000 of them are sent quickly. */
import type { Database } from '../store/database.js';
import type { Row } from './answers.js';

export interface Rows {
  /** All, a page after the other, each as it is when it is asked for. */
  pages(): Iterable<readonly Row[]>;
  /** Undefined for what is no longer there. */
  one(kind: string, name: string): Row | undefined;
}

/** Reading a page takes a few milliseconds: other requests wait no longer than that. */
const PAGE_ROWS = 500;

export function openRows({ sql }: Pick<Database, 'sql'>): Rows {
  const page = sql.prepare(`${SELECT} WHERE (kind, name) > (?, ?) ORDER BY kind, name LIMIT ${PAGE_ROWS}`);
  const one = sql.prepare(`${SELECT} WHERE kind = ? AND name = ?`);
  return {
    *pages() {
      let last: Pick<Row, 'kind' | 'name'> | undefined = { kind: '', name: '' };
      while (last !== undefined) {
        const rows = page.all(last.kind, last.name) as unknown as readonly Row[];
        yield rows;
        last = rows.length === PAGE_ROWS ? rows.at(-1) : undefined;
      }
    },
    one: (kind, name) => one.get(kind, name) as unknown as Row | undefined,
  };
}

// --- internal ---

function firstOf(paths: readonly string[]): string {
  const members = paths.map((path) => `json_extract(body, '$.${path}')`);
  return `coalesce(${members.join(', ')}, NULL)`;
}

const STARTED = firstOf(['TrainingStartTime', 'TransformStartTime']);
const ENDED = firstOf(['TrainingEndTime', 'TransformEndTime', 'described.HyperParameterTuningEndTime']);
/** Of a model: its endpoint configurations and transform jobs have a member of the same name as the model itself. */
const MODEL_SOURCE = firstOf(['PrimaryContainer.ModelPackageName', 'PrimaryContainer.Image', 'Containers[0].Image']);
const SOURCE = firstOf([
  'AlgorithmSpecification.AlgorithmName',
  'AlgorithmSpecification.TrainingImage',
  'TrainingSpecification.TrainingImage',
  'template.AlgorithmSpecification.AlgorithmName',
  'template.AlgorithmSpecification.TrainingImage',
  'ModelName',
  'ProductionVariants[0].ModelName',
  'InferenceSpecification.Containers[0].Image',
]);

const SELECT = `SELECT kind, name, arn, status, created, modified, ${STARTED} AS started, ${ENDED} AS ended,
  ${firstOf(['SecondaryStatus'])} AS phase,
  CASE kind WHEN 'model' THEN ${MODEL_SOURCE} WHEN 'endpoint' THEN ${firstOf(['EndpointConfigName'])}
  WHEN 'model-package-group' THEN CAST(nullif(${firstOf(['LastVersion'])}, 0) AS TEXT) ELSE ${SOURCE} END
  AS source, ${firstOf(['FailureReason', 'described.FailureReason'])} AS failure, ${firstOf(['TuningJobArn'])} AS parent FROM record`;
