/** What `algo new` writes of the other kinds. Needs `npm run build`. */
import { it } from 'vitest';
import { expectToPass } from './support/repository.js';

it.each(['custom', 'model-package'])('algo new --kind %s writes an algorithm that passes as it is', (kind) =>
  expectToPass(kind),
);
