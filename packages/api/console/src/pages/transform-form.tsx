/** The fields of a transform job. */
import { Choice, type ChoiceProps } from '../parts/choice.js';
import { Field } from '../parts/field.js';
import { textAt } from '../state/members.js';
import { integerOf, withAt } from '../state/request.js';
import type { Members } from '../state/state.js';
import { usePart } from '../state/store.js';
import type { FieldsProps } from './fields-props.js';

/** What is sent without a value: the container's own execution parameters, as it answers when it is asked. */
const OF_CONTAINER = 'as the container asks';

const SOURCE = 'TransformInput.DataSource.S3DataSource';

export function TransformFields({ draft, onChange }: FieldsProps<Members>) {
  const models = usePart((state) => state.rows.model) ?? [];
  const valueAt = (path: string) => textAt(draft, path) ?? '';
  const set = (path: string, value: unknown) =>
    onChange((before) => withAt(before, path, value === '' ? undefined : value));
  const field = (
    label: string,
    path: string,
    more: { placeholder?: string; list?: string; isRequired?: boolean } = {},
  ) => <Field label={label} value={valueAt(path)} onChange={(value) => set(path, value)} {...more} />;
  const integer = (label: string, path: string, placeholder: string) => (
    <Field
      label={label}
      value={valueAt(path)}
      placeholder={placeholder}
      isRequired={false}
      onChange={(value) => set(path, integerOf(value))}
    />
  );
  const choice = (label: string, path: string, byDefault: string, options: ChoiceProps['options']) => (
    <Choice label={label} value={valueAt(path) || byDefault} options={options} onChange={(value) => set(path, value)} />
  );
  return (
    <>
      {field('Model', 'ModelName', { list: 'models' })}
      <datalist id="models">
        {models.slice(0, 100).map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <h2>Input</h2>
      {field('S3 URI', `${SOURCE}.S3Uri`, { placeholder: 's3://bucket/prefix/' })}
      <div class="fields">
        {choice('S3 data type', `${SOURCE}.S3DataType`, 'S3Prefix', ['S3Prefix', 'ManifestFile'])}
        {field('Content type', 'TransformInput.ContentType', { placeholder: 'text/csv', isRequired: false })}
        {choice('Split type', 'TransformInput.SplitType', 'None', ['None', 'Line', 'RecordIO', 'TFRecord'])}
        {choice('Compression', 'TransformInput.CompressionType', 'None', ['None', 'Gzip'])}
      </div>
      <h2>Output</h2>
      {field('S3 output path', 'TransformOutput.S3OutputPath', { placeholder: 's3://bucket/prefix' })}
      <div class="fields">
        {field('Accept', 'TransformOutput.Accept', { placeholder: 'the container’s default', isRequired: false })}
        {choice('Assemble with', 'TransformOutput.AssembleWith', 'None', ['None', 'Line'])}
      </div>
      <h2>Records</h2>
      <div class="fields">
        {field('Input filter', 'DataProcessing.InputFilter', { placeholder: '$', isRequired: false })}
        {field('Output filter', 'DataProcessing.OutputFilter', { placeholder: '$', isRequired: false })}
        {choice('Join', 'DataProcessing.JoinSource', 'None', ['None', 'Input'])}
      </div>
      <h2>Requests</h2>
      <div class="fields">
        {choice('Batch strategy', 'BatchStrategy', '', [['', OF_CONTAINER], 'MultiRecord', 'SingleRecord'])}
        {integer('Maximum payload in MB', 'MaxPayloadInMB', `${OF_CONTAINER}, or else 6`)}
        {integer('Concurrent requests', 'MaxConcurrentTransforms', `${OF_CONTAINER}, or else 1`)}
        {field('Instance type', 'TransformResources.InstanceType')}
      </div>
    </>
  );
}
