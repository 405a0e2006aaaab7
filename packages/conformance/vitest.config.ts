import { suiteOfWorkspace } from '../../vitest.base.js';

export default suiteOfWorkspace({ isolate: false });
