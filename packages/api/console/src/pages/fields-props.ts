/** What the fields of each kind of job get from the form around them. */
export interface FieldsProps<Draft> {
  readonly draft: Draft;
  readonly onChange: (change: (draft: Draft) => Draft) => void;
}
