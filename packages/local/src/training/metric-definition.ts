/** A metric and the expression that finds it in the log; its first capture group is the value. */
export interface MetricDefinition {
  readonly Name: string;
  readonly Regex: string;
}
