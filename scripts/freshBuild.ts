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

/** The compiler writes `tsconfig.tsbuildinfo` last, also if it found nothing to do. */
function isStale(folder: string): boolean {
  const builtAt = changedAt(join(folder, "tsconfig.tsbuildinfo"));
  const sources = readdirSync(join(folder, "src"), { recursive: true, withFileTypes: true });
  return sources.some(({ parentPath, name }) => changedAt(join(parentPath, name)) > builtAt);
}

/** @throws Error if the sources do not compile */
export function setup(): void {
  if (!PACKAGES.some(isStale)) return;
  const tsc = join(ROOT, "node_modules", ".bin", "tsc");
  const { status, stdout, stderr } = spawnSync(tsc, ["-b", "tsconfig.build.json"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  if (status !== 0)
    throw new Error(
      `dist: expected to be built from packages/*/src, the compiler ended with ${status}; correct the sources:\n${stdout}${stderr}`,
    );
}
