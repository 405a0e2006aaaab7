export { workspaceSuite as default } from '../../vitest.base.js';
