// Compiles the binding with g++ alone, where there is no make: what packages/torch/native/binding.gyp says, in one command a file.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "../../packages/addon/src/build.mjs";
import { torchAddon } from "../../packages/torch/scripts/addon.mjs";

/** The others are included in the units. */
const SOURCES = ["binding.cc", "unit_engine.cc", "unit_group.cc"];
const NODE_STANDARD = Number(process.versions.node.split(".")[0]) >= 23 ? "gnu++20" : "gnu++17";
const NODE_HEADERS = join(dirname(dirname(process.execPath)), "include/node");
const AS_AN_ADDON = [
  `-std=${NODE_STANDARD}`,
  `-isystem${NODE_HEADERS}`,
  "-fno-rtti",
  "-DNODE_GYP_MODULE_NAME=torch",
  "-DBUILDING_NODE_EXTENSION",
];

/** @returns path of the .node file */
function compile(addon, variables, folder) {
  const native = join(addon.root, "native");
  const { libtorch_flags: flags, libtorch_stubs: stubs } = variables;
  const defines = variables.libtorch_defines.map((define) => `-D${define}`);
  const common = ["-fPIC", "-O2", "-g0", "-fvisibility=hidden", ...defines];
  const run = (...words) => execFileSync("g++", words, { cwd: native, stdio: ["ignore", 2, 2] });
  mkdirSync(folder, { recursive: true });
  const objects = SOURCES.map((source) => {
    const object = join(folder, `${source}.o`);
    const own = source === "binding.cc" ? AS_AN_ADDON : [...flags, ...stubs.map((stub) => `-I${stub}`)];
    run(...common, ...own, "-c", source, "-o", object);
    return object;
  });
  const built = join(folder, `${addon.name}.node`);
  run("-shared", ...objects, "-o", built, ...variables.libtorch_libraries);
  return built;
}

build(torchAddon, { compile, report: (line) => console.error(line) });
