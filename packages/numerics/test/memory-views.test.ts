import { expect, it } from 'vitest';
import { createMemoryViews } from '../src/memory-views.js';
import { PAGE_BYTES, webAssembly } from '../src/web-assembly.js';

it('shows the whole memory as all types, also after it has grown', () => {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  const views = createMemoryViews(memory);
  views.doubles()[1] = 1;

  expect(views.words()[3]).toBe(0x3ff00000);
  expect(views.doubles()).toBe(views.doubles());
  memory.grow(1);

  expect(views.bytes()).toHaveLength(2 * PAGE_BYTES);
  expect(views.doubles()[1]).toBe(1);
});

it('makes new arrays only when the caller has counted a growth', () => {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 2, shared: true });
  let growths = 0;
  const views = createMemoryViews(memory, () => growths);
  memory.grow(1);

  expect(views.floats().byteLength).toBe(PAGE_BYTES);
  growths = 1;
  expect(views.floats().byteLength).toBe(2 * PAGE_BYTES);
});
