import { MarketplaceCatalog } from '@aws-sdk/client-marketplace-catalog';
import { expect, it } from 'vitest';
import { openClients } from '../../../src/publish/clients.js';
import { listedVersions } from '../../../src/publish/listing/entities.js';
import { answering } from '../../support/faults.js';

const ARN = 'arn:aws:sagemaker:us-east-1:000000000000:model-package/sum-1-2-3';

it('finds the version of a model package in a product that was made in the portal', async () => {
  const around = answering((call) =>
    call.endsWith('ListEntities')
      ? { EntitySummaryList: [{ EntityId: 'prod-portal' }] }
      : {
          DetailsDocument: {
            Description: { ProductTitle: 'Sums', Visibility: 'Public' },
            Versions: [{ VersionTitle: '1.2.3', Sources: [{ ModelPackageArn: ARN }] }, { VersionTitle: 'none' }],
          },
        },
  );
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const clients = await openClients({ region: 'us-east-1', credentials, around });

  const found = await listedVersions(clients.prepare(new MarketplaceCatalog(clients.options)));

  expect([...found]).toEqual([[ARN, { product: 'prod-portal', title: '1.2.3', visibility: 'Public' }]]);
});
