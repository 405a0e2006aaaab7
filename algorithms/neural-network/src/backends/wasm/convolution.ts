/**
 * Convolution layers, forward and backward, each one call of a kernel; and TensorFlow.js's own convolutions on the same
 * kernel, so that models from elsewhere gain too.
 */
import { backend_util, Conv2D, FusedConv2D, type KernelFunc, type TensorInfo } from '@tensorflow/tfjs-core';
import type { ActivationName } from '../../network/definition.js';
import { forwardKeeps, type Operations } from '../../operations/operations.js';
import type { WasmContext } from './context.js';
import { ACTIVATIONS } from './kernel.js';
import { type KernelCall, replaceKernel } from './replace-kernel.js';

type Convolution = Pick<Operations, 'convolution' | 'convolutionBackward'>;

export function createConvolution({ kernel: kernels, memory }: WasmContext): Convolution {
  const { addressOf, makeOutput } = memory;
  return {
    convolution({ input, kernel, bias, activation }) {
      const shape = sameShape(input, kernel);
      const output = makeOutput(outputShape(shape));
      const preActivation = forwardKeeps(activation) ? makeOutput(output.shape) : undefined;
      const scratch = memory.scratch(plan(kernels, shape, false));
      kernels.convolve(
        addressOf(input),
        addressOf(kernel),
        addressOf(bias),
        ACTIVATIONS.indexOf(activation),
        Infinity,
        addressOf(preActivation ?? output),
        addressOf(output),
        scratch,
      );
      return { output, preActivation };
    },
    convolutionBackward(inputs) {
      const { input, kernel, activation, output, preActivation, outputGradient, needsInputGradient } = inputs;
      const shape = sameShape(input, kernel);
      const gradients = {
        input: needsInputGradient ? makeOutput(input.shape) : undefined,
        kernel: makeOutput(kernel.shape),
        bias: makeOutput([shape.filters]),
      };
      const scratch = memory.scratch(plan(kernels, shape, true));
      kernels.convolveBack(
        addressOf(input),
        addressOf(kernel),
        addressOf(output),
        preActivation ? addressOf(preActivation) : 0,
        addressOf(outputGradient),
        ACTIVATIONS.indexOf(activation),
        gradients.input ? addressOf(gradients.input) : 0,
        addressOf(gradients.kernel),
        addressOf(gradients.bias),
        scratch,
      );
      return gradients;
    },
  };
}

/** Replaces the kernels of `tf.conv2d` and `tf.fused.conv2d`. @returns what puts the old ones back */
export function replaceConvolutions(context: WasmContext): () => void {
  const undo = [Conv2D, FusedConv2D].map((name) =>
    replaceKernel(name, (original) => (call) => convolved(context, call) ?? original(call)),
  );
  return () => {
    for (const one of undo) one();
  };
}

// --- internal ---

interface Shape {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly filters: number;
  readonly kernelHeight: number;
  readonly kernelWidth: number;
  readonly strideY: number;
  readonly strideX: number;
  /** Zeros above and left of an image. */
  readonly top: number;
  readonly left: number;
}

function sameShape(input: TensorInfo, kernel: TensorInfo): Shape {
  const [images, height, width, channels] = input.shape as [number, number, number, number];
  const [kernelHeight, kernelWidth, , filters] = kernel.shape as [number, number, number, number];
  return {
    ...{ images, height, width, channels, filters, kernelHeight, kernelWidth },
    ...{ outHeight: height, outWidth: width, strideY: 1, strideX: 1 },
    ...{ top: (kernelHeight - 1) >> 1, left: (kernelWidth - 1) >> 1 },
  };
}

function outputShape({ images, outHeight, outWidth, filters }: Shape): number[] {
  return [images, outHeight, outWidth, filters];
}

/** Bytes of scratch for the kernel that runs next. */
function plan(kernels: WasmContext['kernel'], shape: Shape, isBack: boolean): number {
  return kernels.planConvolution(
    shape.images,
    shape.height,
    shape.width,
    shape.channels,
    shape.outHeight,
    shape.outWidth,
    shape.filters,
    shape.kernelHeight,
    shape.kernelWidth,
    shape.strideY,
    shape.strideX,
    shape.top,
    shape.left,
    kernels.threadCount(),
    isBack,
  );
}

/** Of TensorFlow.js's names, those that the kernel has; relu6 is relu with a ceiling. */
const FUSED: Readonly<Record<string, ActivationName>> = {
  linear: 'linear',
  relu: 'relu',
  relu6: 'relu',
  sigmoid: 'sigmoid',
  elu: 'elu',
};

/** The result of a call of TensorFlow.js, or undefined when it asks for what the kernel does not have. */
function convolved({ kernel: kernels, memory }: WasmContext, call: KernelCall): ReturnType<KernelFunc> | undefined {
  const { x, filter, bias } = call.inputs;
  const attributes = call.attrs ?? {};
  const name = String(attributes.activation ?? 'linear');
  const activation = FUSED[name];
  const shape = x && filter && shapeOfCall(x, filter, attributes);
  if (!shape || activation === undefined || !isPlainBias(bias, shape.filters)) return undefined;
  const output = memory.makeOutput(outputShape(shape));
  const scratch = memory.scratch(plan(kernels, shape, false));
  kernels.convolve(
    memory.addressOf(x),
    memory.addressOf(filter),
    bias ? memory.addressOf(bias) : 0,
    ACTIVATIONS.indexOf(activation),
    name === 'relu6' ? 6 : Infinity,
    memory.addressOf(output),
    memory.addressOf(output),
    scratch,
  );
  return output;
}

function shapeOfCall(
  x: TensorInfo,
  filter: TensorInfo,
  attributes: NonNullable<KernelCall['attrs']>,
): Shape | undefined {
  if (x.dtype !== 'float32' || filter.dtype !== 'float32' || attributes.dataFormat !== 'NHWC') return undefined;
  const { strides, dilations, pad, dimRoundingMode } = attributes as unknown as ConvolutionAttributes;
  const info = backend_util.computeConv2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
  );
  const isGrouped = filter.shape[2] !== info.inChannels;
  const isEmpty = info.outShape.includes(0) || info.inChannels === 0;
  if (info.dilationHeight > 1 || info.dilationWidth > 1 || isGrouped || isEmpty) return undefined;
  return {
    ...{ images: info.batchSize, height: info.inHeight, width: info.inWidth, channels: info.inChannels },
    ...{ outHeight: info.outHeight, outWidth: info.outWidth, filters: info.outChannels },
    ...{ kernelHeight: info.filterHeight, kernelWidth: info.filterWidth },
    ...{ strideY: info.strideHeight, strideX: info.strideWidth },
    ...{ top: info.padInfo.top, left: info.padInfo.left },
  };
}

/** What TensorFlow.js's kernels are called with. */
interface ConvolutionAttributes {
  readonly strides: [number, number] | number;
  readonly dilations: [number, number] | number;
  readonly pad: 'same' | 'valid' | number | [[number, number], [number, number], [number, number], [number, number]];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

function isPlainBias(bias: TensorInfo | undefined, filters: number): boolean {
  return bias === undefined || (bias.dtype === 'float32' && bias.shape.join() === `${filters}`);
}
