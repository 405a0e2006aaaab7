/** The forms of each kind of job: from a request into what a form has, and back. */
import type { VNode } from 'preact';
import type { Members } from '../state/state.js';
import { type TrainingDraft, trainingDraftOf, trainingRequestOf } from '../state/training-draft.js';
import { isSingleTuning, type TuningDraft, tuningDraftOf, tuningRequestOf } from '../state/tuning-draft.js';
import type { FieldsProps } from './fields-props.js';
import { TrainingFields } from './training-form.js';
import { TransformFields } from './transform-form.js';
import { TuningFields } from './tuning-form.js';

/** Requests are without the job's name. */
export interface JobFields<Draft> {
  /** Whether the form can show such a request. */
  readonly fits: (request: Members) => boolean;
  readonly draftOf: (request: Members) => Draft;
  readonly requestOf: (draft: Draft) => Members;
  readonly Fields: (props: FieldsProps<Draft>) => VNode;
}

export const TRAINING: JobFields<TrainingDraft> = {
  fits: () => true,
  draftOf: trainingDraftOf,
  requestOf: trainingRequestOf,
  Fields: TrainingFields,
};

/** Its members are texts and numbers: the form changes the request itself. */
export const TRANSFORM: JobFields<Members> = {
  fits: () => true,
  draftOf: (request) => request,
  requestOf: (request) => request,
  Fields: TransformFields,
};

export const TUNING: JobFields<TuningDraft> = {
  fits: isSingleTuning,
  draftOf: tuningDraftOf,
  requestOf: tuningRequestOf,
  Fields: TuningFields,
};
