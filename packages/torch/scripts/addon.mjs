// The binding as @duchenne/addon builds it: what it is made against, and for which Node.
import { readFileSync, realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { compilerArguments, findLibtorch, libraryFile } from "./libtorch.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { name, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

function find() {
  const libtorch = findLibtorch();
  if (libtorch === undefined) return undefined;
  const { source, prefix, version, cuda, libraryFolder, libraries } = libtorch;
  const { flags, defines, libraries: linked, ownHeaders } = compilerArguments(libtorch);
  return {
    version,
    label: `libtorch ${version} (${source === "system" ? prefix : `${source}: ${prefix}`})`,
    variables: {
      libtorch_flags: flags,
      libtorch_defines: defines,
      libtorch_libraries: linked,
      libtorch_own_headers: ownHeaders,
    },
    libraries: libraries.map((library) => realpathSync(join(libraryFolder, libraryFile(library)))),
    details: { source, prefix, cuda },
  };
}

/** LIBTORCH, where it is set, names the libtorch that is wanted. */
function accepts({ prefix }) {
  const named = process.env.LIBTORCH;
  return !named || resolve(named) === prefix;
}

/** @type {import("@duchenne/addon").Addon} */
export const torchAddon = {
  package: name,
  packageVersion: version,
  root,
  name: "torch",
  title: "the libtorch binding",
  // V8's own interface: one for each major version of Node.
  abi: process.versions.modules,
  recordName: "libtorch.json",
  duration: "15 seconds to a minute",
  buildScript: join(root, "scripts/build.mjs"),
  find,
  accepts,
  missing: `libtorch 1.13 or newer was not found (LIBTORCH, a Python with torch, the system).
  Debian, Ubuntu  sudo apt-get install --no-install-recommends libtorch-dev libopenblas0-openmp g++ make python3
  Fedora          sudo dnf install python3-torch-devel openblas-openmp gcc-c++ make python3
  macOS           xcode-select --install; brew install pytorch
  anywhere        pip install torch, or unpack libtorch and set LIBTORCH to its folder`,
};
