/**
 * Calls of TensorFlow's own operations, by their names in its registry. One costs about 4 µs in the addon and in
 * TensorFlow and 2 µs in JavaScript, in addition to its arithmetic; the results belong to the engine's open scope.
 * @see https://www.tensorflow.org/api_docs/python/tf/raw_ops for the operations, their inputs and attributes
 */
import { keep, type Tensor } from '@tensorflow/tfjs-core';
import type { Addon, Attribute, NodeBackend } from './addon.js';

/** Memory that operations update in place. tfjs-node calls its handle a tensor of strings. */
export type Variable = Tensor;

export interface Calls {
  readonly isGpu: boolean;
  /** The attribute T, which nearly all operations have. */
  readonly float: Attribute;
  type(name: string, dtype: 'float32' | 'int32'): Attribute;
  bool(name: string, value: boolean): Attribute;
  real(name: string, value: number): Attribute;
  text(name: string, value: string): Attribute;
  integer(name: string, value: number): Attribute;
  integers(name: string, values: readonly number[]): Attribute;
  /** One result. */
  run(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  /** Several results, or none. */
  runMany(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[], outputs: number): Tensor[];
  /** A new variable with a copy of the values, which are float32. It is kept until `deleteVariable`. */
  createVariable(values: Tensor): Variable;
  /** Its memory as a tensor. As long as one lives, an update of the variable copies first. */
  read(variable: Variable): Tensor;
  deleteVariable(variable: Variable): void;
}

export function createCalls(addon: Addon, backend: NodeBackend): Calls {
  const types = { float32: addon.TF_FLOAT, int32: addon.TF_INT32 };
  const type = (name: string, dtype: keyof typeof types): Attribute => ({
    name,
    type: addon.TF_ATTR_TYPE,
    value: types[dtype],
  });
  const text = (name: string, value: string): Attribute => ({ name, type: addon.TF_ATTR_STRING, value });
  const float = type('T', 'float32');
  const ofVariable = [type('dtype', 'float32')];
  const { run, runMany } = {
    run: backend.executeSingleOutput.bind(backend),
    runMany: backend.executeMultipleOutputs.bind(backend),
  };
  return {
    isGpu: addon.isUsingGpuDevice(),
    float,
    type,
    text,
    bool: (name, value) => ({ name, type: addon.TF_ATTR_BOOL, value }),
    real: (name, value) => ({ name, type: addon.TF_ATTR_FLOAT, value }),
    integer: (name, value) => ({ name, type: addon.TF_ATTR_INT, value }),
    integers: (name, value) => ({ name, type: addon.TF_ATTR_INT, value }),
    run,
    runMany,
    createVariable(values) {
      const shape = { name: 'shape', type: addon.TF_ATTR_SHAPE, value: values.shape };
      const names = [text('container', ''), text('shared_name', `weight ${created++}`)];
      const variable = keep(run('VarHandleOp', [...names, ...ofVariable, shape], []));
      // The variable takes over the tensor's memory, which may be an array of JavaScript's that others hold.
      const copy = run('DeepCopy', [float], [values]);
      runMany('AssignVariableOp', ofVariable, [variable, copy], 0);
      copy.dispose();
      return variable;
    },
    read: (variable) => run('ReadVariableOp', ofVariable, [variable]),
    deleteVariable(variable) {
      runMany('DestroyResourceOp', [], [variable], 0);
      variable.dispose();
    },
  };
}

// --- internal ---

/** TensorFlow shares variables of one name, and there is one TensorFlow in a process. */
let created = 0;
