// Compiles the binding with g++ alone, where there is no make: what packages/torch/binding.gyp says, in one command a file.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../packages/torch/", import.meta.url));
const script = (name) => import(new URL(`../../packages/torch/scripts/${name}.mjs`, import.meta.url).href);
const { compilerArguments, findLibtorch } = await script("libtorch");
const libtorch = findLibtorch();
if (libtorch === undefined) throw new Error((await script("addon")).torchAddon.missing);
const built = compilerArguments(libtorch);
const defines = built.defines.map((define) => `-D${define}`);
const common = ["-fPIC", "-O2", "-g0", "-fvisibility=hidden", ...defines];
const out = join(root, "build/Release");
mkdirSync(out, { recursive: true });
const optional = ["collectives", "group_backends", "group_store", "process_group", "sync_batch_norm"].map(
  (name) => `${name}.cc`,
);
const sources = readdirSync(join(root, "native"))
  .filter((name) => name.endsWith(".cc"))
  .filter((name) => built.distributed.includes(name) || !optional.includes(name));
const headers = join(dirname(dirname(process.execPath)), "include/node");
const nodeStandard = Number(process.versions.node.split(".")[0]) >= 23 ? "gnu++20" : "gnu++17";
const objects = sources.map((source) => {
  const object = join(out, `${source}.o`);
  const isBinding = source === "binding.cc";
  const own = isBinding
    ? [
        `-std=${nodeStandard}`,
        `-isystem${headers}`,
        "-fno-rtti",
        "-DNODE_GYP_MODULE_NAME=torch",
        "-DBUILDING_NODE_EXTENSION",
      ]
    : [...built.flags, ...built.stubs.map((folder) => `-I${folder}`)];
  execFileSync("g++", [...common, ...own, "-c", source, "-o", object], {
    cwd: join(root, "native"),
    stdio: "inherit",
  });
  return object;
});
execFileSync("g++", ["-shared", ...objects, "-o", join(out, "torch.node"), ...built.libraries], {
  stdio: "inherit",
});
const { source, prefix, version, cuda } = libtorch;
writeFileSync(
  join(root, "build/libtorch.json"),
  `${JSON.stringify({ source, prefix, version, cuda }, null, 2)}\n`,
);
