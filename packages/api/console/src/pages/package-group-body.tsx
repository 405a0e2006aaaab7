/** A model package group: its versions, newest first. */
import { useEffect, useState } from 'preact/hooks';
import { callSageMaker } from '../api/aws.js';
import { Status } from '../parts/status.js';
import { TableCard } from '../parts/table-card.js';
import { listAt, numberAt, textAt } from '../state/members.js';
import { addressOf } from '../state/route.js';
import type { Members, Row } from '../state/state.js';
import { usePart } from '../state/store.js';
import { formatTime } from '../text/format.js';
import { ResourceBody } from './resource-body.js';

/** Of a list's page: more are asked for by the name of their group in the list of all packages. */
const SHOWN = 100;

export function PackageGroupBody({ row, members }: { readonly row: Row; readonly members: Members }) {
  const versions = useVersions(row.name);
  return (
    <ResourceBody members={members}>
      <TableCard
        title="Versions"
        about={versions.length === SHOWN ? `the newest ${SHOWN}` : `${versions.length}`}
        columns={['Version', 'Status', 'Approval', 'Description', 'Created']}
        empty="No versions yet."
        rows={versions.map((version) => {
          const number = textAt(version, 'ModelPackageVersion') ?? '';
          const name = `${row.name}/${number}`;
          return [
            number,
            <a href={addressOf({ page: 'detail', kind: 'model-package', name })}>{number}</a>,
            <Status row={{ status: textAt(version, 'ModelPackageStatus') ?? '', phase: null }} />,
            approvalOf(textAt(version, 'ModelApprovalStatus')),
            textAt(version, 'ModelPackageDescription') ?? '–',
            formatTime(numberAt(version, 'CreationTime') ?? 0),
          ];
        })}
      />
    </ResourceBody>
  );
}

// --- internal ---

/** Read again when one of them has changed. */
function useVersions(group: string): readonly Members[] {
  const version = usePart((state) => {
    const own = (state.rows['model-package'] ?? []).filter(({ name }) => name.startsWith(`${group}/`));
    return own.map(({ name, status, modified }) => `${name} ${status} ${modified}`).join();
  });
  const [found, setFound] = useState<readonly Members[]>([]);
  // Not all that is used is named: the version says that there is something new
  useEffect(() => {
    let isLate = false;
    callSageMaker('ListModelPackages', {
      ...{ ModelPackageGroupName: group, MaxResults: SHOWN, SortBy: 'CreationTime', SortOrder: 'Descending' },
    }).then(
      (page) => !isLate && setFound(listAt(page, 'ModelPackageSummaryList')),
      () => undefined, // a server that does not answer is shown as such
    );
    return () => {
      isLate = true;
    };
  }, [group, version]);
  return found;
}

/** `Pending manual approval` of `PendingManualApproval`. */
function approvalOf(status: string | undefined): string {
  if (status === undefined) return '–';
  return status.replace(/(?<=[a-z])([A-Z])/g, (start) => ` ${start.toLowerCase()}`);
}
