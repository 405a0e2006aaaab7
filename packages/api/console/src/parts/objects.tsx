/** The objects under a place in S3, to save. They are listed when the reader asks, or at once for what a job has made. */
import { useEffect, useState } from 'preact/hooks';
import { messageOf } from '../api/aws.js';
import { type Listing, listObjects, objectAddress } from '../api/s3.js';
import { formatBytes } from '../text/format.js';
import { Icon } from './icon.js';

interface ObjectsProps {
  /** `s3://bucket/prefix`. */
  readonly uri: string;
  readonly isOpen?: boolean;
  /** Lists again when it changes. */
  readonly version?: string | undefined;
}

export function Objects({ uri, isOpen = false, version }: ObjectsProps) {
  const [wanted, setWanted] = useState(isOpen);
  const [found, setFound] = useState<Listing | string>();
  // Not all that is used is named: the version says that there is something new
  useEffect(() => {
    if (wanted) listObjects(uri).then(setFound, (error) => setFound(messageOf(error)));
  }, [uri, wanted, version]);
  return (
    <div class="objects">
      <code class="uri">{uri}</code>
      {!wanted && (
        <button type="button" class="small" aria-label={`List ${uri}`} onClick={() => setWanted(true)}>
          List
        </button>
      )}
      {typeof found === 'string' && <p class="quiet-text">{found}</p>}
      {typeof found === 'object' && <Found listing={found} prefix={uri} />}
    </div>
  );
}

// --- internal ---

function Found({
  listing: { bucket, objects, isCut },
  prefix,
}: {
  readonly listing: Listing;
  readonly prefix: string;
}) {
  if (objects.length === 0) return <p class="quiet-text">No objects here.</p>;
  return (
    <>
      <ul>
        {objects.map(({ key, bytes }) => (
          <li key={key}>
            <a href={objectAddress(bucket, key)} download={key.split('/').at(-1)}>
              <Icon name="download" /> {nameBelow(`s3://${bucket}/${key}`, prefix)}
            </a>
            <span class="quiet-text">{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      {isCut && <p class="quiet-text">There are more.</p>}
    </>
  );
}

/** What of a URI differs from the place that it is listed under. */
function nameBelow(uri: string, prefix: string): string {
  const rest = uri.slice(prefix.length).replace(/^\//, '');
  return rest === '' ? (uri.split('/').at(-1) ?? uri) : rest;
}
