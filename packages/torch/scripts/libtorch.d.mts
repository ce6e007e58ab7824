/** A libtorch on this machine, as the build needs to know it. */
export interface Libtorch {
  source: "LIBTORCH" | "python" | "system";
  prefix: string;
  version: string;
  standard: "gnu++17" | "gnu++20";
  includes: string[];
  libraryFolder: string;
  libraries: string[];
  cuda: boolean;
  /** What of c10d can be compiled: folders of stand-ins for Gloo's headers, folders of NCCL's; undefined without c10d. */
  distributed: { ownHeaders: string[]; ncclIncludes: string[] | undefined } | undefined;
  cxx11Abi: boolean;
}

export class LibtorchError extends Error {}
export function findLibtorch(env?: NodeJS.ProcessEnv, prefixes?: readonly string[]): Libtorch | undefined;
/** What the compiler and the linker are told of a libtorch. */
export function compilerArguments(libtorch: Libtorch): {
  flags: string[];
  defines: string[];
  libraries: string[];
  /** Folders, within native/, of stand-ins for Gloo's headers. */
  ownHeaders: string[];
};
/** File name of a shared library. */
export function libraryFile(name: string): string;
