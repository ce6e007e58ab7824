/** Installs what is missing where the doctor may: as root, by sudo without a password, or by Homebrew. */
import { spawnSync } from "node:child_process";
import { ExplainedError } from "../lib/errors.ts";
import { diagnose } from "./diagnose.ts";
import type { Diagnosis } from "./finding.ts";
import { buildNative } from "./native.ts";
import { packagesFor, type System, thisSystem } from "./remedies.ts";

/** The doctor may not install, or installing failed; the message has the command. */
export class DoctorError extends ExplainedError {
  override readonly name = "DoctorError";
}

/** Programs that install, with what comes before the packages. */
const INSTALLERS: Readonly<Record<Exclude<System, "docker">, readonly (readonly string[])[]>> = {
  debian: [
    ["apt-get", "update", "-qq"],
    ["apt-get", "install", "-y", "-qq", "--no-install-recommends"],
  ],
  fedora: [["dnf", "install", "-y", "-q"]],
  macos: [["brew", "install"]],
};

/**
 * Installs the missing packages, and builds the native parts.
 * @param report hears what is done   @returns what is found afterwards
 * @throws DoctorError if packages are missing and may not be installed   @throws AddonError if a part cannot be built
 */
export async function installMissing(report: (line: string) => void): Promise<Diagnosis> {
  const before = await diagnose();
  const system = thisSystem() as Exclude<System, "docker">;
  const packages = packagesFor(system, before.findings);
  if (packages.length > 0) {
    report(`installing ${packages.join(" ")}`);
    const prefix = system === "macos" ? [] : privilege(before.commands[system]!);
    for (const [i, step] of INSTALLERS[system].entries()) {
      const isLast = i === INSTALLERS[system].length - 1;
      run([...prefix, ...step, ...(isLast ? packages : [])], before.commands[system]!);
    }
  }
  buildNative(report);
  return await diagnose();
}

/** @returns what to put before a command that root runs */
function privilege(commands: readonly string[]): string[] {
  if (process.getuid?.() === 0) return [];
  if (spawnSync("sudo", ["-n", "true"]).status === 0) return ["sudo"];
  throw new DoctorError(
    "doctor --install",
    "root, or sudo without a password",
    "neither",
    `Run it yourself: ${commands.join("; ")}`,
  );
}

function run(command: readonly string[], commands: readonly string[]): void {
  const [program, ...args] = command as [string, ...string[]];
  // Output of a program goes where progress goes: stdout is the diagnosis.
  const { status, error } = spawnSync(program, args, {
    stdio: ["ignore", 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (status === 0) return;
  const reason = error?.message ?? `exit status ${status}`;
  throw new DoctorError(
    "doctor --install",
    `${command.join(" ")} to succeed`,
    reason,
    `Run it yourself: ${commands.join("; ")}`,
  );
}
