/** The containers of a model or model package, in the order in which a request passes them. */
import { textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members } from '../state/state.js';
import { shortName } from '../text/format.js';
import { type Fact, Facts, textFacts } from './facts.js';
import { Objects } from './objects.js';

export function Containers({ containers }: { readonly containers: readonly Members[] }) {
  return (
    <>
      {containers.map((container, i) => (
        // a container has no other identity than its place
        <Facts key={i} title={titleOf(container, i, containers.length)} facts={factsOf(container)} />
      ))}
    </>
  );
}

// --- internal ---

function titleOf(container: Members, index: number, count: number): string {
  if (count === 1) return 'Container';
  const name = textAt(container, 'ContainerHostname');
  return `Container ${index + 1} of ${count}${name === undefined ? '' : `: ${name}`}`;
}

function factsOf(container: Members): readonly Fact[] {
  const image = textAt(container, 'Image');
  const modelPackage = textAt(container, 'ModelPackageName');
  const data = textAt(container, 'ModelDataUrl') ?? textAt(container, 'ModelDataSource.S3DataSource.S3Uri');
  return [
    ['Image', image === undefined ? undefined : <code>{image}</code>],
    ['Model package', modelPackage === undefined ? undefined : <PackageLink name={modelPackage} />],
    ['Model data', data === undefined ? undefined : <Objects uri={data} isOpen />],
    ['Mode', textAt(container, 'Mode')],
    ['Image digest', textAt(container, 'ImageDigest')],
    ...textFacts(container, 'Environment'),
  ];
}

/** @param name or an ARN, of which a version has the end `/group/1` */
function PackageLink({ name }: { readonly name: string }) {
  const short = name.startsWith('arn:') ? shortName(name) : name;
  return <a href={addressOf({ page: 'detail', kind: 'model-package', name: short })}>{short}</a>;
}
