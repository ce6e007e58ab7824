// What importing the package, each argument's configure and a first tensor do to the process. Arguments: configurations as
// JSON; the first before the first tensor, the others after it.
import { readFileSync } from "node:fs";
import { configure, dispatch, getThreads, memoryUse, tensor } from "@duchenne/torch";

const isLoaded = () => readFileSync("/proc/self/maps", "utf8").includes("libtorch_cpu");
const spinCount = () => process.env.GOMP_SPINCOUNT ?? null;

const [first, ...later] = process.argv.slice(2).map((text) => JSON.parse(text) as object);
if (first) configure(first);
const before = { loaded: isLoaded(), spinCount: spinCount() };
const denormal = tensor(Float32Array.of(1e-40)).mul(1).item();
const errors: string[] = [];
for (const configuration of later) {
  try {
    configure(configuration);
  } catch (error) {
    errors.push((error as Error).message);
  }
}
tensor([1, 2]);
const after = {
  loaded: isLoaded(),
  spinCount: spinCount(),
  denormal,
  threads: getThreads(),
  cudnn: dispatch("duchenne::cudnn"),
};
console.log(JSON.stringify({ before, after: { ...after, reserved: memoryUse().reservedBytes }, errors }));
