/** Vitest's set-up before all files. Tests start programs from `dist`, so `dist` must come from the present sources. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const PACKAGES = ["torch", "crop", "predict", "face", "model-fer", "duchenne"].map((name) =>
  join(ROOT, "packages", name),
);

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

const STUDIO = join(ROOT, "apps", "studio");

/** Whether a source is newer than what was made from the sources last. */
function isStale(folder: string, madeLast: string): boolean {
  const builtAt = changedAt(join(folder, madeLast));
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true });
  return sources.some(({ parentPath, name }) => changedAt(join(parentPath, name)) > builtAt);
}

function build(program: string, options: readonly string[], folder: string): void {
  const { status, stdout, stderr } = spawnSync(join(ROOT, "node_modules", ".bin", program), options, {
    cwd: folder,
    encoding: "utf8",
  });
  if (status !== 0)
    throw new Error(
      `dist: expected to be built from the sources, ${program} ended with ${status}; correct the sources:\n${stdout}${stderr}`,
    );
}

/** @throws Error if the sources do not compile */
export function setup(): void {
  // The compiler writes `tsconfig.tsbuildinfo` last, also if it found nothing to do.
  const isBuildOld = PACKAGES.some((folder) => isStale(folder, "tsconfig.tsbuildinfo"));
  if (isBuildOld) build("tsc", ["-b", "tsconfig.build.json"], ROOT);
  if (isBuildOld || isStale(STUDIO, "dist/index.html"))
    build("vite", ["build", "--logLevel", "warn"], STUDIO);
}
