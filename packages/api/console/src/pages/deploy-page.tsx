/** A model and an endpoint of a training job that has completed. */
import { useEffect, useState } from 'preact/hooks';
import { callSageMaker } from '../api/aws.js';
import { listAt, textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members } from '../state/state.js';
import { usePart } from '../state/store.js';
import { useDetail, useRow } from '../state/use-resource.js';
import { DeployForm } from './deploy-form.js';

export function DeployPage({ job }: { readonly job: string }) {
  return (
    <div class="detail-page narrow">
      <nav class="crumbs" aria-label="Path">
        <a href={addressOf({ page: 'list', kind: 'training-job' })}>Training jobs</a>
        <a href={addressOf({ page: 'detail', kind: 'training-job', name: job })}>{job}</a>
      </nav>
      <div class="page-head">
        <h1 tabIndex={-1} class="any-name">
          Deploy {job}
        </h1>
      </div>
      <OfJob job={job} />
    </div>
  );
}

// --- internal ---

function OfJob({ job }: { readonly job: string }) {
  const row = useRow('training-job', job);
  const detail = useDetail('training-job', job);
  const connection = usePart((state) => state.connection);
  if (!row && connection === 'live') return <p class="empty">There is no training job with this name.</p>;
  if (detail?.status === 'failed') return <p class="failure">{detail.message}</p>;
  if (!row || !detail) return <p class="empty">Loading…</p>;
  if (row.status !== 'Completed') return <p class="empty">Only a training job that has completed can be deployed.</p>;
  return <WithImage job={detail.members} />;
}

function WithImage({ job }: { readonly job: Members }) {
  const [image, setImage] = useState(textAt(job, 'AlgorithmSpecification.TrainingImage'));
  const algorithm = textAt(job, 'AlgorithmSpecification.AlgorithmName');
  useEffect(() => {
    if (image !== undefined) return;
    // an algorithm that is gone, or has no image to serve with: the reader names one
    servingImageOf(algorithm ?? '').then(setImage, () => setImage(''));
  }, [algorithm, image]);
  return image === undefined ? <p class="empty">Loading…</p> : <DeployForm job={job} image={image} />;
}

async function servingImageOf(algorithm: string): Promise<string> {
  const described = await callSageMaker('DescribeAlgorithm', { AlgorithmName: algorithm });
  return textAt(listAt(described, 'InferenceSpecification.Containers')[0], 'Image') ?? '';
}
