// Reads every PyTorch file of a folder and writes one as safetensors, with `@duchenne/torch/weights` alone. Prints what it read,
// and which native addons and libraries of libtorch the process holds.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readSafetensors, readWeights, valuesOf, writeSafetensors } from "@duchenne/torch/weights";

const [folder] = process.argv.slice(2) as [string];
const files = readdirSync(folder).filter((name) => name.startsWith("state_dict"));
const read = files.map((name) => readWeights(join(folder, name)));
const copy = join(mkdtempSync(join(tmpdir(), "weights-")), "copy.safetensors");
writeSafetensors(copy, read[0]!);

const plain = (tensors: (typeof read)[0]) =>
  [...tensors].map(([name, data]) => [name, data.shape, Array.from(valuesOf(data), String)]).sort();
const native = readFileSync("/proc/self/maps", "utf8").match(/\S+(\.node|libtorch\S*|libc10\S*)$/gm) ?? [];
console.log(
  JSON.stringify({
    files: files.length,
    values: plain(read[0]!),
    written: plain(readSafetensors(copy).tensors),
    native,
  }),
);
