/**
 * Loaded into a serving program before anything else: counts the bytes that are copied and allocated between two signals
 * SIGUSR2. Copies are those of JavaScript: between arrays, and into messages of Node's own channel between processes.
 * The counts come as a line `work pid=… copied=… allocated=… collections=…` of the log. Allocated are array buffers: memory
 * that no collection has freed meanwhile.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import v8 from 'node:v8';

let isCounting = false;
let copied = 0;
let collections = 0;
let before = 0;

/** Adds the bytes that each call of a method copies. */
// biome-ignore lint/suspicious/noExplicitAny: methods of any kind
function count(owner: any, name: string, bytes: (self: any, given: any[], result: any) => number): void {
  const original = owner[name];
  owner[name] = function counted(...given: unknown[]) {
    const result = original.apply(this, given);
    if (isCounting) copied += bytes(this, given, result);
    return result;
  };
}

const TypedArray = Object.getPrototypeOf(Uint8Array);
count(TypedArray.prototype, 'set', (self, [source]) => source.length * self.BYTES_PER_ELEMENT);
count(TypedArray.prototype, 'slice', (_, __, result) => result.byteLength);
count(
  TypedArray.prototype,
  'copyWithin',
  (self, [, start = 0, end = self.length]) => (end - start) * self.BYTES_PER_ELEMENT,
);
count(TypedArray, 'from', (_, __, result) => result.byteLength);
count(Buffer.prototype, 'copy', (_, __, result) => result);
count(Buffer, 'concat', (_, __, result) => result.byteLength);
count(v8.Serializer.prototype, 'writeRawBytes', (_, [bytes]) => bytes.byteLength);

new PerformanceObserver((list) => {
  collections += list.getEntries().length;
}).observe({ entryTypes: ['gc'] });

process.on('SIGUSR2', () => {
  const { arrayBuffers } = process.memoryUsage();
  if (isCounting) {
    const allocated = arrayBuffers - before;
    console.log(`work pid=${process.pid} copied=${copied} allocated=${allocated} collections=${collections}`);
  } else console.log(`work pid=${process.pid} begins`);
  isCounting = !isCounting;
  copied = collections = 0;
  before = arrayBuffers;
});
