/** A table of a million columns, which takes seconds. */
import { it } from 'vitest';
import { expectLastColumnToCount } from './wide-tables.js';

it('trains with 1,000,000 columns in libsvm, and uses the last one', () => expectLastColumnToCount(1_000_000));
