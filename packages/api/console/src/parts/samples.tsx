/** The sample requests of an algorithm, to take one. */
import { useEffect, useState } from 'preact/hooks';
import type { Sample } from '../../../src/console/answers.js';
import { readSamples } from '../api/algorithms.js';

interface SamplesProps {
  readonly algorithm: string;
  readonly onTake: (sample: Sample, index: number) => void;
}

export function Samples({ algorithm, onTake }: SamplesProps) {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  useEffect(() => {
    if (algorithm !== '') readSamples(algorithm).then(setSamples, () => setSamples([])); // not one of this machine
  }, [algorithm]);
  if (samples.length === 0) return null;
  return (
    <fieldset class="chips">
      <legend>Sample requests</legend>
      {samples.map((sample, index) => (
        <button
          key={sample.name}
          type="button"
          class="chip"
          title={`${sample.contentType} → ${sample.accept}`}
          onClick={() => onTake(sample, index)}
        >
          {sample.name}
        </button>
      ))}
    </fieldset>
  );
}
