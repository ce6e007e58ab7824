// Compiles the binding with g++ alone, where there is no make: what packages/torch/native/binding.gyp says, in one command a file.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
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

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/** @returns path of the .node file */
function compile(addon, variables, folder) {
  const native = join(addon.root, "native");
  const { libtorch_flags: flags, libtorch_own_headers: ownHeaders } = variables;
  const defines = variables.libtorch_defines.map((define) => `-D${define}`);
  const common = ["-fPIC", "-O2", "-g0", "-fvisibility=hidden", ...defines];
  const compiler = (words) => ["g++", ...words].map(quoted).join(" ");
  // One command for each processor at a time.
  const run = (commands) =>
    execFileSync("xargs", ["-0", "-n", "1", "-P", String(availableParallelism()), "sh", "-c"], {
      ...{ cwd: native, input: commands.join("\0"), stdio: ["pipe", 2, 2] },
    });
  mkdirSync(folder, { recursive: true });
  const objectOf = (source) => join(folder, `${source}.o`);
  run(
    SOURCES.map((source) => {
      const own =
        source === "binding.cc" ? AS_AN_ADDON : [...flags, ...ownHeaders.map((folder) => `-I${folder}`)];
      return compiler([...common, ...own, "-c", source, "-o", objectOf(source)]);
    }),
  );
  const built = join(folder, `${addon.name}.node`);
  run([compiler(["-shared", ...SOURCES.map(objectOf), "-o", built, ...variables.libtorch_libraries])]);
  return built;
}

build(torchAddon, { compile, report: (line) => console.error(line) });
