/** A dlib of this machine: folders for the compiler and the linker, and its files. */
export interface Dlib {
  readonly include: string;
  /** "" where the linker looks by itself. */
  readonly libraryFolder: string;
  readonly version: string;
  readonly sharedLibrary: string | undefined;
  readonly archive: string | undefined;
}

/** Finds dlib: the folders that the environment names, then those of the system. @returns undefined without headers */
export function findDlib(env?: NodeJS.ProcessEnv): Dlib | undefined;

/** Version that the headers in a folder say, or "unknown". */
export function versionOf(include: string): string;

/** Whether this processor has AVX2. */
export function hasAvx2(): boolean;
