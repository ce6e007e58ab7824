/** What the addon is compiled against: a library of this machine, as the package's own search found it. */
export interface Found {
  /** Version of the library; part of the folder's name. */
  readonly version: string;
  /** How a message names it: `libtorch 1.13.0 (system: /usr)`. */
  readonly label: string;
  /** All that the compiler is told, by the names that `native/binding.gyp` reads; another value is another build. */
  readonly variables: Readonly<Record<string, string | number | readonly string[]>>;
  /** Shared libraries that the addon is linked to. If one of them changes, the addon is built again. */
  readonly libraries: readonly string[];
  /** Processor features, as /proc/cpuinfo names them, that the compiled code needs. */
  readonly features?: readonly string[];
  /** What the record of the build says besides. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A package's native addon: `native/binding.gyp` and its sources, target `name`. */
export interface Addon {
  /** The package: `@duchenne/torch`. */
  readonly package: string;
  readonly packageVersion: string;
  /** Folder of the package. */
  readonly root: string;
  /** Target of binding.gyp, and name of the file without `.node`. */
  readonly name: string;
  /** How messages name it: `the libtorch binding`. */
  readonly title: string;
  /** The interface of Node that it is compiled for: `115` (V8's, one for each major version) or `napi8`. */
  readonly abi: string;
  /** File name of the record beside the built file. */
  readonly recordName: string;
  /** Roughly how long a build takes, for the message. */
  readonly duration: string;
  /** The script that builds it, for processes that find it missing. */
  readonly buildScript: string;
  /** @returns what to compile against; undefined if there is none   @throws Error for an environment variable that names none */
  find(): Found | undefined;
  /** What to install if `find` found nothing: lines. */
  readonly missing: string;
  /** Whether a build of another time is one that the environment asks for now; default: yes. */
  accepts?(record: BuiltRecord): boolean;
}

/** What a build was made of and for. */
export interface BuiltRecord extends Readonly<Record<string, unknown>> {
  readonly abi: string;
  readonly platform: string;
  readonly arch: string;
  readonly version: string;
  readonly label: string;
  /** Sources and settings. */
  readonly fingerprint: string;
  readonly libraries: readonly { readonly file: string; readonly identity: string }[];
  readonly features: readonly string[];
}

/** A build that fits this process. */
export interface BuiltAddon {
  /** Path of the .node file. */
  readonly file: string;
  readonly record: BuiltRecord;
}

/** The addon cannot be built, or not found, or not opened. */
export class AddonError extends Error {}

/** The newest build that fits this Node, this processor and the libraries as they are now; undefined if there is none. Opens nothing. */
export function findAddon(addon: Addon): BuiltAddon | undefined;

/** As `findAddon`, but passes over a file that the package shipped and that does not load here. Opens shipped files, nothing else. */
export function findLoadable(addon: Addon): BuiltAddon | undefined;

/** Why `findLoadable` finds nothing: "it has not been built", or what has changed since. */
export function whyNoneFits(addon: Addon): string;

/**
 * Opens the addon, and builds it first if no build fits. Other threads and processes that need it wait for the one that builds.
 * @returns the addon's exports, a new instance each time
 * @throws AddonError if it cannot be built or opened, saying what to install
 */
export function openAddon(addon: Addon): { exports: unknown; built: BuiltAddon };

/**
 * Builds the addon unless the newest sources are built already. One process builds at a time.
 * @param options.keepObjects keep the compiler's objects for the next build   @param options.report hears of the start of a build or a wait
 * @param options.compile makes the .node file in a folder and returns its path; default: node-gyp
 * @param options.place folder to build in; default: the package's, or the user's cache if that one is read-only
 * @throws AddonError
 */
export function build(
  addon: Addon,
  options?: {
    keepObjects?: boolean;
    report?: (line: string) => void;
    output?: "log" | "stderr";
    compile?: (addon: Addon, variables: Found["variables"], folder: string) => string;
    place?: string;
  },
): BuiltAddon;

/**
 * The command line of a package's build script. Without an argument, for those who clone: the compiler's words on stderr, its
 * objects kept. With `--first-use`, for a process that found no build: one line on stderr, what went wrong on stdout.
 */
export function runBuildScript(addon: Addon): void;

/** For a package's install script: builds if that is possible, says so in one line if not, and never throws. */
export function buildAtInstall(addon: Addon): void;

/** What tells a shared library from every other build of it; undefined if there is no such file. */
export function identityOf(file: string): string | undefined;
