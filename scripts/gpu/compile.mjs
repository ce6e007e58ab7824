// Compiles the binding with g++ alone, where there is no make: what packages/torch/binding.gyp says, in one command a file.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../packages/torch/", import.meta.url));
const ask = (field) =>
  execFileSync(process.execPath, ["scripts/libtorch.mjs", field], { cwd: root, encoding: "utf8" })
    .split("\n")
    .filter(Boolean);
const { findOrExit } = await import(
  new URL("../../packages/torch/scripts/libtorch.mjs", import.meta.url).href
);
const libtorch = findOrExit();
const defines = ask("defines").map((define) => `-D${define}`);
const common = ["-fPIC", "-O2", "-g0", "-fvisibility=hidden", ...defines];
const out = join(root, "build/Release");
mkdirSync(out, { recursive: true });
const distributed = ask("distributed");
const optional = ["collectives", "group_backends", "group_store", "process_group", "sync_batch_norm"];
const sources = readdirSync(join(root, "native"))
  .filter((name) => name.endsWith(".cc"))
  .map((name) => `native/${name}`)
  .filter((name) => distributed.includes(name) || !optional.some((one) => name === `native/${one}.cc`));
const headers = join(dirname(dirname(process.execPath)), "include/node");
const nodeStandard = Number(process.versions.node.split(".")[0]) >= 23 ? "gnu++20" : "gnu++17";
const objects = sources.map((source) => {
  const object = join(out, `${source.split("/").at(-1)}.o`);
  const isBinding = source === "native/binding.cc";
  const own = isBinding
    ? [
        `-std=${nodeStandard}`,
        `-isystem${headers}`,
        "-fno-rtti",
        "-DNODE_GYP_MODULE_NAME=torch",
        "-DBUILDING_NODE_EXTENSION",
      ]
    : [...ask("flags"), ...ask("stubs").map((folder) => `-I${folder}`)];
  execFileSync("g++", [...common, ...own, "-c", source, "-o", object], { cwd: root, stdio: "inherit" });
  return object;
});
execFileSync("g++", ["-shared", ...objects, "-o", join(out, "torch.node"), ...ask("libraries")], {
  stdio: "inherit",
});
const { source, prefix, version, cuda } = libtorch;
writeFileSync(
  join(root, "build/libtorch.json"),
  `${JSON.stringify({ source, prefix, version, cuda }, null, 2)}\n`,
);
