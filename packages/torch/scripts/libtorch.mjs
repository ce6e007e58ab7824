// Finds libtorch: LIBTORCH, then a Python's torch, then the system.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { join, resolve } from "node:path";

/** File name of a shared library. */
export const libraryFile = (name) => (process.platform === "darwin" ? `lib${name}.dylib` : `lib${name}.so`);

const systemPrefixes = ["/usr", "/usr/local", "/opt/homebrew/opt/pytorch", "/opt/libtorch"];
const libraryFolders = ["lib", "lib64", "lib/x86_64-linux-gnu", "lib/aarch64-linux-gnu"];
// Named to the compiler they would come before the C library's own headers, which breaks it.
const compilersOwn = ["/usr/include", "/usr/local/include"];

/** The folder of a Python's torch package, without importing it; undefined where there is none. */
function pythonTorch(env) {
  const program =
    "import importlib.util as u; s = u.find_spec('torch'); print(s.submodule_search_locations[0] if s else '')";
  for (const python of [env.PYTHON, "python3", "python"].filter(Boolean)) {
    try {
      const folder = execFileSync(python, ["-c", program], {
        encoding: "utf8",
        env,
        stdio: ["ignore", "pipe", "ignore"],
      });
      if (folder.trim()) return folder.trim();
    } catch {
      // No such Python: the next one may exist.
    }
  }
  return undefined;
}

/** Reads a candidate folder; undefined unless it holds headers and libraries of a version this builds against. */
function inspect(prefix, source) {
  const include = join(prefix, "include");
  const library = libraryFolders
    .map((f) => join(prefix, f))
    .find((f) => existsSync(join(f, libraryFile("torch_cpu"))));
  const api = join(include, "torch/csrc/api/include");
  const versionHeader = [join(api, "torch/version.h"), join(include, "torch/version.h")].find((f) =>
    existsSync(f),
  );
  if (!library || !versionHeader || !existsSync(join(include, "ATen/ATen.h"))) return undefined;
  const header = readFileSync(versionHeader, "utf8");
  const part = (name) =>
    Number(new RegExp(`TORCH_VERSION_${name} (\\d+)`).exec(headerText(header, include))?.[1] ?? 0);
  const [major, minor, patch] = ["MAJOR", "MINOR", "PATCH"].map(part);
  if (!(major > 1 || (major === 1 && minor >= 13))) return undefined;
  const libraries = ["torch", "torch_cpu", "c10", "torch_cuda", "c10_cuda"].filter((name) =>
    existsSync(join(library, libraryFile(name))),
  );
  return {
    source,
    prefix,
    version: `${major}.${minor}.${patch}`,
    // 1.13 and 2.x are C++17; newer headers have begun to ask for C++20.
    standard: major > 2 || (major === 2 && minor >= 10) ? "gnu++20" : "gnu++17",
    includes: [include, api].filter((f) => !compilersOwn.includes(f)),
    libraryFolder: library,
    libraries,
    cuda: libraries.includes("torch_cuda"),
    distributed: findDistributed(prefix, include, libraries.includes("torch_cuda")),
    // A wheel built for old Linux uses the old std::string; c10's own symbols tell which.
    cxx11Abi:
      process.platform !== "linux" ||
      readFileSync(realpathSync(join(library, libraryFile("c10")))).includes("__cxx11"),
  };
}

const headersOfNccl = ["nccl.h", "cuda_runtime_api.h", "cublas_v2.h", "cusparse.h", "cusolverDn.h"];

/** What of c10d can be compiled against this libtorch; undefined for one that was built without it. */
function findDistributed(prefix, include, cuda) {
  const c10d = join(include, "torch/csrc/distributed/c10d");
  if (!existsSync(join(c10d, "ProcessGroupGloo.hpp"))) return undefined;
  return {
    // Few libtorchs bring Gloo's headers; ours name just what c10d's header needs.
    ownHeaders: existsSync(join(include, "gloo/context.h")) ? [] : ["third"],
    ncclIncludes: cuda && existsSync(join(c10d, "ProcessGroupNCCL.hpp")) ? findNccl(prefix) : undefined,
  };
}

/** Folders that together hold NCCL's headers and those they need, in a CUDA toolkit or in pip's packages beside torch. */
function findNccl(prefix) {
  const packages = join(prefix, "../nvidia");
  const wheels = existsSync(packages)
    ? readdirSync(packages).map((name) => join(packages, name, "include"))
    : [];
  const toolkits = [process.env.CUDA_HOME, "/usr/local/cuda"]
    .filter(Boolean)
    .map((home) => join(home, "include"));
  const folders = [...toolkits, ...wheels, "/usr/include"].filter((folder) => existsSync(folder));
  if (!headersOfNccl.every((name) => folders.some((folder) => existsSync(join(folder, name)))))
    return undefined;
  return folders.filter((folder) => !compilersOwn.includes(folder));
}

// Since 2.9 version.h only includes torch/headeronly/version.h, which holds the numbers.
function headerText(header, include) {
  const moved = join(include, "torch/headeronly/version.h");
  return existsSync(moved) ? header + readFileSync(moved, "utf8") : header;
}

/** LIBTORCH names a folder that is no libtorch, or too old a one. */
export class LibtorchError extends Error {
  constructor(received) {
    super(
      `LIBTORCH: expected a folder with include/ATen/ATen.h and lib/${libraryFile("torch_cpu")} of libtorch 1.13 or newer, received ${received}. Set LIBTORCH to such a folder, or unset it: then a Python with torch and the system are searched.`,
    );
    this.name = "LibtorchError";
  }
}

/**
 * @param env where LIBTORCH, PYTHON and PATH are read   @param prefixes the folders that are the system's
 * @returns the libtorch to build against, or undefined
 * @throws LibtorchError if LIBTORCH names none: that is an error, not a fallback
 */
export function findLibtorch(env = process.env, prefixes = systemPrefixes) {
  if (env.LIBTORCH) {
    const named = resolve(env.LIBTORCH);
    const found = inspect(named, "LIBTORCH");
    if (!found) throw new LibtorchError(named);
    return found;
  }
  const python = pythonTorch(env);
  const fromPython = python && inspect(python, "python");
  if (fromPython) return fromPython;
  for (const prefix of prefixes) {
    const found = inspect(prefix, "system");
    if (found) return found;
  }
  return undefined;
}

/** What the compiler and the linker are told of a libtorch. */
export function compilerArguments({ standard, includes, cxx11Abi, libraryFolder, libraries, distributed }) {
  return {
    // As system headers, so that their warnings stay theirs.
    flags: [
      `-std=${standard}`,
      ...[...includes, ...(distributed?.ncclIncludes ?? [])].map((f) => `-isystem${f}`),
    ],
    // For all of the addon: its two halves hand strings to each other.
    defines: [
      `_GLIBCXX_USE_CXX11_ABI=${cxx11Abi ? 1 : 0}`,
      ...(distributed ? ["USE_C10D_GLOO"] : []),
      ...(distributed?.ncclIncludes ? ["USE_C10D_NCCL"] : []),
    ],
    ownHeaders: distributed?.ownHeaders ?? [],
    libraries: [
      `-L${libraryFolder}`,
      `-Wl,-rpath,${libraryFolder}`,
      // torch_cuda registers its kernels when it is loaded: keep it although no symbol of it is used.
      ...(process.platform === "linux" ? ["-Wl,--no-as-needed"] : []),
      ...libraries.map((name) => `-l${name}`),
    ],
  };
}
