/** A container's tree of its own for each test. */
import { afterEach, beforeEach } from 'vitest';
import { type ContainerRoot, makeContainerRoot } from '../src/testing/container-root.js';

/** @param onEach gets the tree before each test */
export function useRoot(onEach: (root: ContainerRoot) => void): void {
  let root: ContainerRoot;
  beforeEach(() => {
    root = makeContainerRoot();
    onEach(root);
  });
  afterEach(() => root.remove());
}
