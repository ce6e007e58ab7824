// A shared tensor holds its array's memory: through collections of the array, and through a transfer of its buffer.
import { liveTensors, sharedTensor } from "@duchenne/torch";

declare const gc: () => void;

function share(length: number) {
  return sharedTensor(Float32Array.from({ length }, (_, i) => i));
}

const forgottenArray = share(1 << 20);
for (let i = 0; i < 5; i++) {
  gc();
  // Anything freed would be given out again here.
  new Float32Array(1 << 20).fill(-1);
}
const sum = forgottenArray.sum().item();

const moved = new Float32Array(1 << 20).fill(2);
const tensor = sharedTensor(moved);
const received = structuredClone(moved, { transfer: [moved.buffer] });
received[0] = 5;
const seen = tensor.at(0).item();
gc();

const before = process.memoryUsage().arrayBuffers;
for (let i = 0; i < 64; i++) sharedTensor(new Float32Array(1 << 20)).dispose();
gc();
await new Promise(setImmediate);
gc();
const kept = process.memoryUsage().arrayBuffers - before;
console.log(
  JSON.stringify({
    sum,
    seen,
    length: moved.length,
    second: tensor.at(1).item(),
    kept,
    live: liveTensors() > 0,
  }),
);
