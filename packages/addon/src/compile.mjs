// Runs node-gyp on a copy of the sources.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AddonError, DOCTOR } from "./errors.mjs";
import { sourceFiles } from "./places.mjs";

/** Of a failed build, in the error. */
const LAST_LINES = 20;

const NO_HEADERS = `Node's headers are not in ${dirname(dirname(process.execPath))}/include/node and could not be fetched. Install them:
  Debian, Ubuntu  sudo apt-get install --no-install-recommends libnode-dev   (with Debian's own nodejs)
  Fedora          sudo dnf install nodejs-devel
  anywhere        a Node from nodejs.org, nvm or Homebrew brings them`;

const NO_TOOLS = `a C++ compiler, make and Python 3.8 or newer are needed to build. Install them:
  Debian, Ubuntu  sudo apt-get install --no-install-recommends g++ make python3
  Fedora          sudo dnf install gcc-c++ make python3
  macOS           xcode-select --install`;

/** The headers beside the running Node spare a download; node-gyp fetches them if they are missing or another Node's. */
function nodeHeaders() {
  const prefix = dirname(dirname(process.execPath));
  const named = process.env.npm_config_nodedir;
  const fits = (folder) => {
    const header = join(folder, "include/node/node_version.h");
    const abi =
      existsSync(header) && /define NODE_MODULE_VERSION (\d+)/.exec(readFileSync(header, "utf8"))?.[1];
    return abi === process.versions.modules;
  };
  const found = [prefix, named].find((folder) => folder && fits(folder));
  return found === undefined ? [] : [`--nodedir=${found}`];
}

/** node-gyp lets what npm is set to come before its own options, which may be headers of another Node. */
function environment() {
  const { npm_config_nodedir: _, npm_package_config_node_gyp_nodedir: __, ...others } = process.env;
  return others;
}

/** Files that have not changed keep their times, and make keeps their objects. */
function copySources(addon, folder, variables) {
  const native = join(addon.root, "native");
  const files = sourceFiles(addon).map((name) => [name, readFileSync(join(native, name))]);
  // What binding.gyp includes: a literal of Python, which strings, numbers and lists of JSON are.
  files.push(["found.gypi", Buffer.from(JSON.stringify({ variables }))]);
  for (const [name, content] of files) {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file) || !readFileSync(file).equals(content)) writeFileSync(file, content);
  }
}

/**
 * Compiles the addon in `folder`, beside whose sources its objects stay.
 * @param output where the compiler's words go: to a log in the folder, or to stderr   @returns path of the .node file
 * @throws AddonError with the last lines of the compiler's output
 */
export function compile(addon, variables, folder, output) {
  mkdirSync(folder, { recursive: true });
  copySources(addon, folder, variables);
  const gyp = createRequire(import.meta.url).resolve("node-gyp/bin/node-gyp.js");
  const headers = nodeHeaders();
  const built = join(folder, "build", "Release", `${addon.name}.node`);
  rmSync(built, { force: true });
  const log = join(folder, "build.log");
  const target = output === "stderr" ? 2 : openSync(log, "w");
  const { status, signal, error } = spawnSync(
    process.execPath,
    [gyp, "configure", "build", "--jobs", "max", ...headers],
    { cwd: folder, stdio: ["ignore", target, target], env: environment() },
  );
  if (target !== 2) closeSync(target);
  if (status === 0 && existsSync(built)) return built;
  const ending = target === 2 ? "" : lastLines(log);
  throw new AddonError(
    [
      `${addon.title} could not be built (${error?.message ?? signal ?? `node-gyp ended with ${status}`}).`,
      ...remedies(folder, headers, ending),
      ...(ending ? [`${log} ends with:`, ending] : []),
    ].join("\n"),
  );
}

/** Without a generated makefile it was not the compiler that failed. */
function remedies(folder, headers, ending) {
  const isConfigured = existsSync(join(folder, "build", "Makefile"));
  if (
    /find Python|Could not find any Python|not found: make|g\+\+: (not found|No such file)|make: .*No such file/i.test(
      ending,
    )
  )
    return [NO_TOOLS];
  return [headers.length === 0 && !isConfigured ? NO_HEADERS : DOCTOR];
}

const lastLines = (file) => readFileSync(file, "utf8").trimEnd().split("\n").slice(-LAST_LINES).join("\n");
