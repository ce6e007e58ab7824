// Builds the addon when something it is made of has changed, and records what it was built against.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { findOrExit } from "./libtorch.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const record = join(root, "build/libtorch.json");
const addon = join(root, "build/Release/torch.node");

/** What is compiled against. */
function environment(libtorch) {
  return JSON.stringify([libtorch, process.versions.modules, process.arch]);
}

/** That, and what is compiled. */
function fingerprint(libtorch) {
  const hash = createHash("sha256").update(environment(libtorch));
  const sources = [
    "binding.gyp",
    ...readdirSync(join(root, "native"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .sort(),
  ];
  for (const source of sources) hash.update(source).update(readFileSync(join(root, source)));
  return hash.digest("hex");
}

// The headers beside the running Node spare a download; node-gyp fetches them where they are missing or another Node's.
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const header = join(prefix, "include/node/node_version.h");
  const abi =
    existsSync(header) && /define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(header, "utf8"))?.[1];
  return abi === process.versions.modules ? [`--nodedir=${prefix}`] : [];
}

const withoutHeaders = `Node's headers are not in ${dirname(dirname(process.execPath))}/include/node and could not be fetched. Install them:
  Debian, Ubuntu  sudo apt-get install --no-install-recommends libnode-dev   (with Debian's own nodejs)
  Fedora          sudo dnf install nodejs-devel
  anywhere        a Node from nodejs.org, nvm or Homebrew brings them`;

const withoutLibtorch = `libtorch 1.13 or newer was not found (LIBTORCH, a Python with torch, the system).
  Debian, Ubuntu  sudo apt-get install --no-install-recommends libtorch-dev libopenblas0-openmp
  Fedora          sudo dnf install python3-torch-devel
  macOS           brew install pytorch
  anywhere        pip install torch, or unpack libtorch and set LIBTORCH to its folder`;

// The compiler's lists of what an object depends on leave out system headers: objects made with another libtorch or Node
// would be kept although their headers changed.
function compile(libtorch, headers, keepObjects) {
  const gyp = createRequire(import.meta.url).resolve("node-gyp/bin/node-gyp.js");
  const commands = keepObjects ? ["configure", "build"] : ["rebuild"];
  const { status } = spawnSync(process.execPath, [gyp, ...commands, "--jobs", "max", ...headers], {
    cwd: root,
    // binding.gyp asks for the same libtorch again, several times.
    env: { ...process.env, LIBTORCH: libtorch.prefix },
    stdio: ["ignore", 2, 2],
  });
  return status;
}

function main() {
  const libtorch = findOrExit();
  if (!libtorch) {
    console.error(withoutLibtorch);
    process.exit(1);
  }
  const { source, prefix, version, cuda } = libtorch;
  const built = { fingerprint: fingerprint(libtorch), environment: environment(libtorch) };
  const last = existsSync(addon) && existsSync(record) ? JSON.parse(readFileSync(record, "utf8")) : {};
  if (last.fingerprint === built.fingerprint) return;
  console.error(`building the libtorch binding against ${version} (${source}: ${prefix})`);
  const headers = nodeHeaders();
  const status = compile(libtorch, headers, last.environment === built.environment);
  if (status !== 0) {
    // Without a generated makefile it was not the compiler that failed.
    if (headers.length === 0 && !existsSync(join(root, "build/Makefile"))) console.error(withoutHeaders);
    process.exit(status ?? 1);
  }
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, `${JSON.stringify({ ...built, source, prefix, version, cuda }, null, 2)}\n`);
}

main();
